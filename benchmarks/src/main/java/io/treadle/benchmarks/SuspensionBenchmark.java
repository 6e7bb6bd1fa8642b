package io.treadle.benchmarks;

import io.treadle.Async;
import io.treadle.Continuation;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One suspension and one resume on the bare trampoline, below a number of frames. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SuspensionBenchmark {
  private static final long STACK = 1 << 28;

  @Param({"1", "10", "1000", "10000"})
  int depth;

  private Continuation continuation;
  private int state;

  @Setup
  public void park() throws InterruptedException {
    continuation = Continuation.of(() -> nest(depth - 1));
    // The calls need the stack that plain calls need, once; the resumes do not.
    Thread deep = new Thread(null, continuation::run, "deep", STACK);
    deep.start();
    deep.join();
  }

  @Async
  private void nest(int below) {
    if (below > 0) {
      nest(below - 1);
      return;
    }
    while (true) {
      Continuation.pause();
      state++;
    }
  }

  @Benchmark
  public int suspendAndResume() {
    continuation.run();
    return state;
  }

  /** What a programmer would write by hand: a call that goes on where the last one stopped. */
  @Benchmark
  public int stateMachine() {
    return step();
  }

  private int position;

  private int step() {
    switch (position) {
      case 0:
        position = 1;
        return state;
      default:
        state++;
        position = 1;
        return state;
    }
  }
}
