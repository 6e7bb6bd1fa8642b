package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.Ticker;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Case 33, and what a suspension costs in loops and at a depth. */
final class DepthAndLoopsTest {
  private static final int MANY = 1_000_000;
  private static final int DEEP = 10_000;

  /** What a thread may allocate in a million iterations that allocate nothing. */
  private static final long NOTHING = 100_000;

  private static Program program(String body) {
    return Program.compile(
        SourceCompiler.JAVAC,
        """
        package demo;
        import io.treadle.Async;
        import io.treadle.weaving.harness.Points;
        class Case {
          static long sum;
          static int stack;
        """
            + body
            + "\n}\n");
  }

  private static final Program LOOP =
      program(
          """
          @Async static void run() {
            String kept = "kept";
            double d = 1;
            for (int i = 0; i < 1_000_000; i++) {
              sum += i;
              Points.tick();
              d += kept.length();
            }
            sum += (long) d;
          }
          """);

  @Test
  void millionIterationsThatSuspendAllocateNothing() throws Throwable {
    Ticker ticker = new Ticker(LOOP, "demo.Case");
    assertThat(ticker.start()).isFalse();
    for (int i = 0; i < 1000; i++) {
      ticker.tick();
    }
    long before = Ticker.allocated();
    int ticks = 1001;
    while (!ticker.tick()) {
      ticks++;
    }
    assertThat(Ticker.allocated() - before).isLessThan(NOTHING);
    assertThat(ticks).isEqualTo(MANY);
  }

  @Test
  void millionIterationsThatAreCompleteAllocateNothing() throws Throwable {
    Ticker ticker = new Ticker(LOOP, "demo.Case");
    ticker.suspends(true).start();
    ticker.tick();
    long before = Ticker.allocated();
    assertThat(ticker.suspends(false).tick()).isTrue();
    assertThat(Ticker.allocated() - before).isLessThan(NOTHING);
    assertThat(new Ticker(LOOP, "demo.Case").suspends(false).start()).isTrue();
  }

  @Test
  void millionIterationsThatSuspendNowAndThen() throws Throwable {
    Ticker ticker = new Ticker(LOOP, "demo.Case");
    ticker.start();
    int ticks = 0;
    for (boolean ended = false; !ended; ended = ticker.tick()) {
      ticker.suspends(ticks++ < MANY / 10);
    }
    assertThat(ticks).isEqualTo(MANY / 10 + 1);
  }

  /** Each iteration is a new activation of the callee; the caller's frame is used again. */
  @Test
  void chainDoesNotGrowInALoopOfCalls() throws Throwable {
    Program calls =
        program(
            """
            @Async static void run() {
              for (int i = 0; i < 100_000; i++) {
                sum += callee(i);
              }
            }
            @Async static int callee(int i) {
              Points.tick();
              return i;
            }
            """);
    Ticker ticker = new Ticker(calls, "demo.Case");
    ticker.start();
    long before = Ticker.allocated();
    int ticks = 0;
    do {
      if (ticks % 10_000 == 0) {
        assertThat(ticker.suspendedAt()).hasSize(2);
      }
      ticks++;
    } while (!ticker.tick());
    assertThat(ticks).isEqualTo(100_000);
    assertThat((Ticker.allocated() - before) / ticks).isLessThan(100); // one frame each
  }

  // ------------------------------------------------------------------ depth

  private static final Program RECURSION =
      program(
          """
          static int depth;
          static boolean fails;
          final int number;
          Case(int number) { this.number = number; }
          @Async static void run() {
            sum = new Case(1).descend(depth, "s");
          }
          @Async long descend(int n, String s) {
            if (n == 0) {
              for (int i = 0; i < 1000; i++) {
                Points.tick();
                if (i % 100 == 0) stack = Math.max(stack, new Throwable().getStackTrace().length);
              }
              if (fails) throw new IllegalStateException("bottom");
              return 0;
            }
            long below = n % 2 == 0 ? descend(n - 1, s) : other(n - 1, s);
            return below + number;
          }
          @Async static long other(int n, String s) {
            return new Case(s.length()).descend(n, s);
          }
          """);

  private static Object field(Ticker ticker, String name, Object value) throws Exception {
    Class<?> type = Class.forName("demo.Case", true, ticker.loader());
    var field = type.getDeclaredField(name);
    field.setAccessible(true);
    Object before = field.get(null);
    if (value != null) {
      field.set(null, value);
    }
    return before;
  }

  private static <T> T onThread(long stackSize, Callable<T> task) throws Exception {
    FutureTask<T> result = new FutureTask<>(task);
    new Thread(null, result, "stack of " + stackSize, stackSize).start();
    return result.get();
  }

  private static Ticker descended(int depth, boolean fails) throws Exception {
    Ticker ticker = new Ticker(RECURSION, "demo.Case");
    field(ticker, "depth", depth);
    field(ticker, "fails", fails);
    boolean ended =
        onThread(
            1L << 28,
            () -> {
              try {
                return ticker.start();
              } catch (Throwable t) {
                throw new AssertionError(t);
              }
            });
    assertThat(ended).isFalse();
    return ticker;
  }

  @Test
  void deepCallsAreResumedOnASmallStack() throws Exception {
    Ticker ticker = descended(DEEP, false);
    assertThat(ticker.suspendedAt()).hasSizeGreaterThan(DEEP);
    onThread(
        1L << 18,
        () -> {
          while (!ticker.tick()) {
            // goes on
          }
          return null;
        });
    assertThat(field(ticker, "sum", null)).isEqualTo((long) DEEP);
  }

  @Test
  void deepFailurePassesUpOnASmallStack() throws Exception {
    Ticker ticker = descended(DEEP, true);
    onThread(
        1L << 18,
        () -> {
          assertThatThrownBy(
                  () -> {
                    while (!ticker.tick()) {
                      // goes on
                    }
                  })
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("bottom");
          return null;
        });
  }

  /** Neither the stack nor the heap shows how deep the frames are. */
  @Test
  void resumesAtTheBottomCostTheSameAtAnyDepth() throws Exception {
    long[] allocated = new long[2];
    int[] stack = new int[2];
    int[] depths = {10, DEEP};
    for (int i = 0; i < 2; i++) {
      Ticker ticker = descended(depths[i], false);
      field(ticker, "stack", 0);
      long[] bytes =
          onThread(
              0,
              () -> {
                for (int k = 0; k < 210; k++) { // past a look at the stack
                  ticker.tick();
                }
                long before = Ticker.allocated();
                for (int k = 0; k < 80; k++) {
                  ticker.tick();
                }
                return new long[] {Ticker.allocated() - before};
              });
      allocated[i] = bytes[0];
      stack[i] = (Integer) field(ticker, "stack", null);
    }
    assertThat(allocated[1]).isEqualTo(allocated[0]).isLessThan(1000);
    assertThat(stack[1]).isEqualTo(stack[0]).isLessThan(20);
  }
}
