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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Calls that do not suspend, against the same calls in plain Java. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CallBenchmark {
  private static final int N = 25;

  private int result;

  private static int plain(int n) {
    return n < 2 ? n : plain(n - 1) + plain(n - 2);
  }

  @Async
  private static int async(int n) {
    return n < 2 ? n : async(n - 1) + async(n - 2);
  }

  private int plainVirtual(int n) {
    return n < 2 ? n : plainVirtual(n - 1) + plainVirtual(n - 2);
  }

  @Async
  int asyncVirtual(int n) {
    return n < 2 ? n : asyncVirtual(n - 1) + asyncVirtual(n - 2);
  }

  @Benchmark
  public int fibPlain() {
    return plain(N);
  }

  @Benchmark
  public int fibAsync() {
    Continuation.of(() -> result = async(N)).run();
    return result;
  }

  @Benchmark
  public int fibPlainInstance() {
    return plainVirtual(N);
  }

  @Benchmark
  public int fibAsyncInstance() {
    Continuation.of(() -> result = asyncVirtual(N)).run();
    return result;
  }
}
