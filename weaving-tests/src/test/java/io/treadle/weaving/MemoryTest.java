package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.failing;
import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.pauseWithout;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;
import static io.treadle.weaving.harness.Trace.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.ThreeWays;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Case 71: no room to save a frame, and results that must not be kept alive. */
final class MemoryTest {
  // ------------------------------------------------------------------ results

  @Async
  private static Object made(String name) {
    pause();
    return watch(name, new Object());
  }

  @Async
  private static int consumed(Object o) {
    return value(o == null ? 0 : 1);
  }

  @ThreeWays
  @Async
  void resultOfAResumedCallIsNotKept() {
    log(made("result") != null);
    pauseWithout("result");
    log(value("end"));
  }

  @ThreeWays
  @Async
  void resultOfAnAwaitedValueIsNotKept() {
    log(value(watch("value", new Object())) != null ? 1 : 0);
    pauseWithout("value");
  }

  @ThreeWays
  @Async
  void resultThatIsDroppedIsNotKept() throws Exception {
    made("dropped");
    pauseWithout("dropped");
    AsyncCallable<Object, Exception> lambda = () -> made("of a lambda");
    lambda.call();
    pauseWithout("dropped", "of a lambda");
    log("end");
  }

  @ThreeWays
  @Async
  void argumentIsNotKeptBeyondItsUse() {
    log(consumed(made("argument")));
    pauseWithout("argument");
    log(consumed(made("other")) + value(1));
    pauseWithout("argument", "other");
  }

  @ThreeWays
  @Async
  void failureIsNotKept() {
    try {
      failing(watch("failure", new IllegalStateException("x")));
    } catch (IllegalStateException e) {
      log(e);
    }
    pauseWithout("failure");
  }

  // ------------------------------------------------------------------ no room

  private static final String DEEP =
      """
      package demo;

      import io.treadle.*;
      import java.util.*;

      public class Case {
        public static int entered;
        public static int left;
        public static String result;
        public static List<Object> hold;

        @Async
        static int deep(int n, Object live) {
          entered++;
          try {
            if (n < 0) {
              return -1;
            }
            if (n == 0) {
              Continuation.pause();
              return 0;
            }
            return 1 + deep(n - 1, live);
          } finally {
            left++;
          }
        }

        @Async
        static int quick(int x) {
          if (x < 0) {
            Continuation.pause();
          }
          return x;
        }

        public static Continuation start(int depth) {
          return Continuation.of(() -> {
            entered = 0;
            left = 0;
            result = null;
            String outcome;
            try {
              outcome = "done " + deep(depth, "live");
            } catch (VirtualMachineError e) {
              hold = null;
              outcome = e.getClass().getSimpleName();
            }
            int now = quick(1);
            Continuation.pause();
            result = outcome + quick(now + 1);
          });
        }

        public static void run(int depth) {
          Continuation c = start(depth);
          while (!c.isDone()) {
            c.run();
          }
        }

        public static void main(String[] args) throws Exception {
          Thread thread = new Thread(null, Case::inLittleMemory, "deep", 512L << 20);
          thread.start();
          thread.join();
          System.out.println(result + " " + entered + " " + left);
        }

        private static void inLittleMemory() {
          run(50); // what is needed is loaded now
          int depth = 50_000;
          Continuation c = start(depth);
          List<Object> all = new ArrayList<>(1_000_000);
          for (int size : new int[] {1 << 16, 1 << 10, 16}) {
            try {
              while (true) {
                all.add(new byte[size]);
              }
            } catch (OutOfMemoryError full) {
              continue;
            }
          }
          for (int i = 0; i < 8; i++) {
            all.set(i, null);
          }
          hold = all;
          all = null;
          while (!c.isDone()) {
            c.run();
          }
        }
      }
      """;

  /** A JVM of its own, whose heap is full when the frames are saved. */
  @Test
  void outOfMemoryLeavesNothingHalfDone(@TempDir Path folder) throws Exception {
    Map<String, byte[]> woven = Program.compile(SourceCompiler.JAVAC, DEEP).weave().classFiles();
    for (Map.Entry<String, byte[]> file : woven.entrySet()) {
      Path path = folder.resolve(file.getKey() + ".class");
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                folder + File.pathSeparator + System.getProperty("java.class.path"),
                "demo.Case")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output)).isEqualToIgnoringNewLines("OutOfMemoryError2 50001 50001");
  }
}
