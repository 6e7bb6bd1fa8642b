package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.Hierarchy;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Warns of calls in async code that block the thread of the event loop. */
final class BlockingCalls {
  private static final String CONCURRENT = "java/util/concurrent/";
  private static final String TIME_LIMIT = "JL" + CONCURRENT + "TimeUnit;";

  /**
   * Methods of the JDK that wait.
   *
   * @param parameters their parameters, as a regular expression; of other overloads nothing is said
   * @param instead what waits without blocking
   */
  private record Blocking(String owner, Set<String> names, String parameters, String instead) {
    static Blocking of(String owner, String instead, String... names) {
      return new Blocking(owner, Set.of(names), ".*", instead);
    }

    static Blocking timed(String owner, String instead, String... names) {
      return new Blocking(owner, Set.of(names), ".*" + TIME_LIMIT, instead);
    }

    static Blocking future(String owner, String instead) {
      return new Blocking(owner, Set.of("get", "join"), "(" + TIME_LIMIT + ")?", instead);
    }

    boolean matches(MethodInsnNode call, Hierarchy hierarchy) {
      return names.contains(call.name)
          && call.desc.substring(1, call.desc.indexOf(')')).matches(parameters)
          && (owner.equals("java/lang/Object") // compilers name it where its methods are called
              ? call.owner.equals(owner)
              : hierarchy.isSubtype(call.owner, owner));
    }
  }

  /** The first that matches counts. */
  private static final List<Blocking> ALL =
      List.of(
          Blocking.of("java/lang/Thread", "sleep(duration)", "sleep"),
          Blocking.of("java/lang/Thread", "offload(() -> ...)", "join"),
          Blocking.of(CONCURRENT + "TimeUnit", "sleep(duration)", "sleep"),
          Blocking.of(CONCURRENT + "TimeUnit", "offload(() -> ...)", "timedJoin"),
          Blocking.future(CONCURRENT + "CompletionStage", "await(...)"),
          Blocking.future(
              CONCURRENT + "Future", "await(...) of a CompletionStage, or offload(() -> ...)"),
          Blocking.of(CONCURRENT + "CountDownLatch", "an AsyncEvent", "await"),
          Blocking.of(CONCURRENT + "CyclicBarrier", "an AsyncBarrier", "await"),
          Blocking.of(
              CONCURRENT + "Phaser",
              "an AsyncBarrier",
              "arriveAndAwaitAdvance",
              "awaitAdvance",
              "awaitAdvanceInterruptibly"),
          Blocking.of(
              CONCURRENT + "Semaphore", "an AsyncSemaphore", "acquire", "acquireUninterruptibly"),
          Blocking.timed(CONCURRENT + "Semaphore", "an AsyncSemaphore", "tryAcquire"),
          Blocking.of(
              CONCURRENT + "locks/Condition",
              "an AsyncCondition",
              "await",
              "awaitNanos",
              "awaitUninterruptibly",
              "awaitUntil"),
          Blocking.of(CONCURRENT + "Exchanger", "an AsyncQueue", "exchange"),
          Blocking.of(CONCURRENT + "BlockingQueue", "an AsyncQueue", "put", "take"),
          Blocking.timed(CONCURRENT + "BlockingQueue", "an AsyncQueue", "offer", "poll"),
          Blocking.of(
              CONCURRENT + "BlockingDeque",
              "an AsyncQueue",
              "putFirst",
              "putLast",
              "takeFirst",
              "takeLast"),
          Blocking.of(CONCURRENT + "TransferQueue", "an AsyncQueue", "transfer"),
          Blocking.of(CONCURRENT + "CompletionService", "asCompleted(...)", "take"),
          Blocking.of(
              CONCURRENT + "ExecutorService",
              "offload(() -> ...)",
              "awaitTermination",
              "close",
              "invokeAll",
              "invokeAny"),
          Blocking.of("java/lang/Object", "an AsyncCondition", "wait"),
          Blocking.of(
              CONCURRENT + "locks/LockSupport", "suspend(...)", "park", "parkNanos", "parkUntil"),
          Blocking.of("java/lang/Process", "await(process.onExit())", "waitFor"),
          Blocking.of("java/net/http/HttpClient", "await(client.sendAsync(...))", "send"));

  private static final Set<String> NAMES =
      Set.copyOf(ALL.stream().flatMap(b -> b.names.stream()).toList());

  private BlockingCalls() {}

  static void check(Subject subject) {
    for (MethodNode method : subject.async.keySet()) {
      SourceLines.walk(
          method,
          (insn, line) -> {
            Blocking found =
                insn instanceof MethodInsnNode call ? find(call, subject.hierarchy) : null;
            if (found != null) {
              MethodInsnNode call = (MethodInsnNode) insn;
              subject.findings.warning(
                  line,
                  subject.named(call.owner, call.name, call.desc)
                      + " blocks the thread, and with it all tasks of its event loop: use "
                      + found.instead);
            }
          });
    }
  }

  private static @Nullable Blocking find(MethodInsnNode call, Hierarchy hierarchy) {
    return NAMES.contains(call.name)
        ? ALL.stream().filter(b -> b.matches(call, hierarchy)).findFirst().orElse(null)
        : null;
  }
}
