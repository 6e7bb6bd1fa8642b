package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.failing;
import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncConsumer;
import io.treadle.AsyncFunction;
import io.treadle.AsyncRunnable;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.ThreeWays;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cases 51, 69 and 75: lambdas of async functional interfaces. */
final class LambdasTest {
  private int field = 7;

  // ------------------------------------------------------------------ 51: captures

  @ThreeWays
  @Async
  void lambdaCapturesEveryType() throws Exception {
    everyType(true, (byte) 1, '2', (short) 3, 4, 5L, 6f, 7d, "8", new int[] {9}, List.of(10));
  }

  @Async
  private void everyType(
      boolean z,
      byte b,
      char c,
      short s,
      int i,
      long l,
      float f,
      double d,
      String o,
      int[] a,
      List<Integer> g)
      throws Exception {
    AsyncCallable<String, Exception> lambda =
        () -> {
          String first = value("a") + z + b + c + s;
          pause();
          return first + i + l + f + d + o + Arrays.toString(a) + g + field++;
        };
    log(lambda.call());
    pause();
    log(lambda.call() + lambda.call());
  }

  @ThreeWays
  @Async
  void lambdasNestedThreeDeep() throws Exception {
    String outer = value("outer");
    AsyncCallable<AsyncCallable<String, Exception>, Exception> first =
        () -> {
          long middle = value(2L);
          AsyncCallable<String, Exception> second =
              () -> {
                AsyncFunction<Double, String, Exception> third =
                    x -> outer + middle + value(x) + field;
                return third.apply(0.5) + third.apply(value(1.5));
              };
          pause();
          log(second.call());
          return second;
        };
    log(first.call().call());
  }

  @ThreeWays
  @Async
  void lambdaWithoutSuspension() throws Exception {
    AsyncCallable<Integer, Exception> lambda = () -> field + 1;
    log(value(lambda.call()));
  }

  @ThreeWays
  @Async
  void lambdaThatAnUnwovenInterfaceUsesToo() throws Exception {
    Supplier<String> plain = () -> "plain" + field;
    AsyncCallable<String, Exception> async = () -> value("async") + plain.get();
    log(plain.get(), async.call());
  }

  @ThreeWays
  @Async
  void lambdaThatThrowsCheckedExceptions() throws Exception {
    AsyncRunnable<IOException> before =
        () -> {
          throw new IOException("before");
        };
    AsyncRunnable<IOException> after =
        () -> {
          pause();
          throw new IOException("after");
        };
    AsyncRunnable<IOException> awaited = () -> failing(new IOException("awaited"));
    for (AsyncRunnable<IOException> each : List.of(before, after, awaited)) {
      try {
        each.run();
      } catch (IOException e) {
        log(e, value(1));
      }
    }
  }

  // ------------------------------------------------------------------ 51: generic and primitive

  interface Primitive {
    @Async
    long apply(int a, double b, boolean c, char d) throws Exception;
  }

  interface Bounded<A, B extends Comparable<B>> {
    @Async
    B apply(A a) throws Exception;
  }

  interface Source<T> {
    @Async
    T next();
  }

  interface TextSource extends Source<String> {
    @Override
    @Async
    String next();
  }

  @Async
  private static <A, B extends Comparable<B>> B through(Bounded<A, B> function, A a)
      throws Exception {
    pause();
    return function.apply(a);
  }

  @ThreeWays
  @Async
  void lambdaWithPrimitiveParametersAndResult() throws Exception {
    Primitive p = (a, b, c, d) -> value(a) + (long) value(b) + (c ? 1 : 0) + value(d);
    log(p.apply(1, 2.9, true, 'x') + p.apply(-1, -2.9, false, '\0'));
  }

  @ThreeWays
  @Async
  void genericLambdaReturnsObjectAfterErasure() throws Exception {
    Bounded<String, Integer> length = s -> value(s.length());
    log(through(length, "abc") + 1);
    log(through((Bounded<Integer, Double>) x -> value(x) * 2.5, 4) + 1);
  }

  @ThreeWays
  @Async
  void lambdaThatIsCalledThroughItsBridge() {
    TextSource text = () -> value("text");
    Source<String> source = text;
    log(text.next() + source.next());
  }

  @ThreeWays
  @Async
  void lambdasInLoopsCaptureEachTurn() throws Exception {
    List<AsyncCallable<Integer, Exception>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int turn = i;
      pause();
      all.add(() -> value(turn) * 10 + field);
    }
    for (AsyncCallable<Integer, Exception> each : all) {
      log(each.call());
    }
  }

  @ThreeWays
  @Async
  void recursiveLambda() throws Exception {
    List<AsyncFunction<Integer, Integer, Exception>> self = new ArrayList<>();
    self.add(n -> n == 0 ? value(0) : n + self.get(0).apply(n - 1));
    log(self.get(0).apply(10));
  }

  @ThreeWays
  @Async
  void lambdaAsArgumentWhileOthersAreOnTheStack() throws Exception {
    log(
        value("a")
            + through((Bounded<String, String>) s -> s + value("c"), value("b"))
            + value("d"));
  }

  @ThreeWays
  @Async
  void lambdaOfAnIntersectionType() throws Exception {
    AsyncCallable<String, Exception> marked =
        (AsyncCallable<String, Exception> & Marker) () -> value("marked");
    log(marked.call(), marked instanceof Marker);
  }

  interface Marker {}

  @ThreeWays
  @Async
  void lambdaInheritsTheDefaultsOfItsInterface() throws Exception {
    Chained chained = x -> value(x) + 1;
    log(chained.twice(5), chained.plainTwice(5));
  }

  interface Chained {
    @Async
    int apply(int x) throws Exception;

    @Async
    default int twice(int x) throws Exception {
      return apply(value(apply(x)));
    }

    default String plainTwice(int x) {
      return "plain" + x + x;
    }
  }

  /** One whose parameter happens to be called like a twin's. */
  @ThreeWays
  @Async
  void lambdaThatReturnsALambda() throws Exception {
    AsyncFunction<String, AsyncConsumer<String, Exception>, Exception> curried =
        a -> {
          pause();
          return b -> log(value(a) + value(b));
        };
    curried.apply("x").accept("y");
  }

  // ------------------------------------------------------------------ 51: who calls them

  @ThreeWays
  @Async
  void lambdaIsEqualToItselfAndHasTheMethodsOfObject() throws Exception {
    AsyncCallable<String, Exception> lambda = () -> value("x");
    pause();
    log(lambda.equals(lambda), lambda.hashCode() == lambda.hashCode(), lambda.call());
  }

  /** Two lambdas with the same code, which javac makes one method of when there are no lines. */
  @ThreeWays(compilers = SourceCompiler.JAVAC, options = "-g:none")
  @Async
  void lambdasThatShareOneMethod() throws Exception {
    AsyncCallable<String, Exception> one = () -> value("shared");
    Source<String> other = () -> value("shared");
    Supplier<String> plain = () -> "shared plain";
    AsyncCallable<String, Exception> third = () -> "shared plain";
    log(one.call() + other.next() + plain.get() + third.call());
  }

  // ------------------------------------------------------------------ 69

  interface AsyncJob extends Callable<String> {
    @Override
    @Async
    String call() throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  void lambdaOfAnAsyncCallableThatAnExecutorCallsRefuses(SourceCompiler compiler) throws Exception {
    Program program =
        Program.compile(
            compiler,
            """
            package demo;

            import io.treadle.Async;
            import io.treadle.weaving.harness.Points;
            import java.util.concurrent.Callable;

            public class Case {
              interface Job extends Callable<String> {
                @Override
                @Async
                String call() throws Exception;
              }

              public static Callable<String> job() {
                String captured = "x";
                Job job = () -> captured + Points.value("y");
                return job;
              }

              @Async
              static String run() throws Exception {
                Job job = (Job) job();
                return job.call();
              }
            }
            """);
    assertThat(program.agree("demo.Case").returned()).isEqualTo("xy");
    Object job = program.load().loadClass("demo.Case").getMethod("job").invoke(null);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      assertThat(executor.submit((Callable<?>) job))
          .failsWithin(10, TimeUnit.SECONDS)
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(IllegalStateException.class)
          .withMessageContaining("call()")
          .withMessageContaining("is @Async");
    } finally {
      executor.shutdown();
    }
  }

  @ThreeWays
  @Async
  void asyncLambdaThatIsACallableToo() throws Exception {
    AsyncJob job = () -> value("job");
    Callable<String> same = job;
    log(job.call(), same == job);
  }

  // ------------------------------------------------------------------ 75

  static int counter = 4;
  static final AsyncRunnable<Exception> IN_STATIC_INITIALISER =
      () -> {
        pause();
        log("static", counter++);
      };
  static final AsyncFunction<Integer, Integer, Exception> REFERENCE = LambdasTest::plus;
  final AsyncCallable<Integer, Exception> inInstanceInitialiser = () -> value(field) + counter;

  interface Constants {
    AsyncCallable<String, Exception> OF_INTERFACE = () -> value("interface");
    AsyncFunction<Integer, Integer, Exception> REFERENCE = LambdasTest::plus;
  }

  enum WithLambda {
    A(() -> value(3)),
    B(() -> value(5));

    final AsyncCallable<Integer, Exception> body;

    WithLambda(AsyncCallable<Integer, Exception> body) {
      this.body = body;
    }
  }

  @Async
  private static int plus(int x) {
    return x + value(counter);
  }

  @ThreeWays
  @Async
  void lambdasInStaticInitialisers() throws Exception {
    IN_STATIC_INITIALISER.run();
    log(REFERENCE.apply(value(1)), inInstanceInitialiser.call());
    log(Constants.OF_INTERFACE.call(), Constants.REFERENCE.apply(2));
    log(WithLambda.A.body.call() + WithLambda.B.body.call());
  }

  // ------------------------------------------------------------------ the sub-interface

  @Test
  void twoLoadersDefineTheirOwnSubInterfaces() {
    Program program =
        Program.compile(
            SourceCompiler.JAVAC,
            """
            package demo;

            import io.treadle.*;
            import io.treadle.weaving.harness.Points;

            class Case {
              @Async
              static String run() throws Exception {
                AsyncCallable<String, Exception> a = () -> Points.value("a");
                return a.call() + Other.run();
              }
            }

            class Other {
              @Async
              static String run() throws Exception {
                AsyncCallable<String, Exception> b = () -> Points.value("b");
                return b.call();
              }
            }
            """);
    for (int i = 0; i < 3; i++) {
      assertThat(program.woven("demo.Case", "run", Schedule.SUSPENDED).returned()).isEqualTo("ab");
    }
  }
}
