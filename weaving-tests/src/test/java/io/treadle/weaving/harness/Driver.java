package io.treadle.weaving.harness;

import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Suspension;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The coroutine that runs a case and resumes what suspends.
 *
 * <p>Other coroutines may run within it, on its thread: what they suspend for is completed together
 * with its own.
 */
final class Driver extends Coroutine {
  /** The outcome that a suspension will have. */
  private record Due(
      Coroutine coroutine,
      Suspension<Object> suspension,
      @Nullable Object value,
      @Nullable Throwable failure,
      List<String> unreachable) {}

  private static final ThreadLocal<Driver> CURRENT = new ThreadLocal<>();
  private static final ExecutorService OTHER_THREAD = daemon();
  private static final ExecutorService ANOTHER_THREAD = daemon();

  private final Trace trace;
  private final Schedule.Decisions decisions;
  private final Deque<Due> due = new ArrayDeque<>();
  private int suspensions;
  private boolean other;
  private @Nullable Suspension<?> woken;

  private Driver(Trace trace, Schedule schedule) {
    this.trace = trace;
    this.decisions = schedule.start();
  }

  private static ExecutorService daemon() {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, "hop");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Runs the body of a case to its end. */
  static Outcome run(Schedule schedule, Body body) {
    Trace trace = new Trace();
    Driver driver = new Driver(trace, schedule);
    String returned = "";
    String thrown = null;
    try {
      returned = driver.toTheEnd(body);
    } catch (Throwable t) {
      thrown = Outcome.describe(t);
    }
    return new Outcome(trace.lines(), returned, thrown, driver.suspensions);
  }

  private String toTheEnd(Body body) throws Throwable {
    Object first = onThisThread(() -> body.start(this));
    if (status == RUNNING) {
      return body.text(first);
    }
    unwound();
    do {
      if (decisions.early()) {
        complete();
      }
      if (handOver()) {
        complete();
        if (woken == null) {
          throw new AssertionError("nothing will wake the case");
        }
        resumeWith(woken);
        woken = null;
      }
    } while (!goOn());
    return body.text(body.take(this));
  }

  private void complete() {
    while (!due.isEmpty()) {
      Due next = due.removeFirst();
      if (decisions.looksForLeaks()) {
        trace.checkGone(next.unreachable);
      }
      if (next.failure != null) {
        next.suspension.fail(next.failure);
      } else {
        giveWord(next);
        next.suspension.resume(next.value);
      }
    }
  }

  /** A suspension has references for outcomes; primitives go to their register directly. */
  private static void giveWord(Due due) {
    Object value = due.value instanceof Boolean z ? (Object) (z ? 1 : 0) : due.value;
    value = value instanceof Character c ? (Object) (int) c : value;
    if (value instanceof Long n) {
      give(n.longValue(), due.coroutine);
    } else if (value instanceof Float n) {
      give(n.floatValue(), due.coroutine);
    } else if (value instanceof Double n) {
      give(n.doubleValue(), due.coroutine);
    } else if (value instanceof Number n) {
      give(n.intValue(), due.coroutine);
    }
  }

  private boolean goOn() throws Throwable {
    Callable<Boolean> resume = () -> onThisThread(this::resume);
    if (!decisions.hops()) {
      return resume.call();
    }
    other = !other;
    try {
      return (other ? OTHER_THREAD : ANOTHER_THREAD).submit(resume).get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  private <T> T onThisThread(Callable<T> task) throws Exception {
    Driver before = CURRENT.get();
    CURRENT.set(this);
    trace.enter();
    try {
      return task.call();
    } finally {
      CURRENT.set(before);
      Trace.leave();
    }
  }

  @Override
  protected void admit(String what) {}

  @Override
  protected void wake(Suspension<?> suspension) {
    woken = suspension;
  }

  // ------------------------------------------------------------------ for the suspension points

  /** The suspension of a call, if it suspends; else null. */
  static <T> @Nullable Suspension<T> suspension(Coroutine c) {
    Driver driver = CURRENT.get();
    if (!driver.decisions.suspends()) {
      return null;
    }
    driver.suspensions++;
    return Suspension.of(c, "a suspension point");
  }

  /** Says what the outcome will be. */
  @SuppressWarnings("unchecked") // the caller has a value for this suspension
  static void outcome(
      Coroutine c,
      Suspension<?> suspension,
      @Nullable Object value,
      @Nullable Throwable failure,
      List<String> unreachable) {
    CURRENT.get().due.add(new Due(c, (Suspension<Object>) suspension, value, failure, unreachable));
  }

  /** The twin of a case. */
  interface Body {
    /** Calls the twin. */
    @Nullable Object start(Coroutine c) throws Exception;

    /** What the twin returned in the end, from the registers. */
    @Nullable Object take(Coroutine c) throws Throwable;

    /** What the case returned. */
    String text(@Nullable Object returned);
  }
}
