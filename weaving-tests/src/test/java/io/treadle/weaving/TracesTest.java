package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The thirteenth guarantee: the trace of a failure after a resume is the user's call chain. */
final class TracesTest {
  private static final String SOURCE =
      """
      package demo;
      import io.treadle.*;
      import io.treadle.weaving.harness.Points;
      public class Case {
        public static Throwable caught;
        interface Shape {
          @Async int area(int x);
        }
        abstract static class Generic<T> {
          @Async abstract T get(T x);
        }
        static class OfString extends Generic<String> {
          @Override @Async String get(String x) {
            return x + new Shape() {
              @Override @Async public int area(int y) {
                return thrower(y)
                    + 1;
              }
            }.area(2);
          }
        }
        @Async static int thrower(int n) {
          if (n == 0) {
            Points.pause();
            throw new IllegalArgumentException("deep");
          }
          int below =
              thrower(n - 1);
          return below + 1;
        }
        @Async static void run() {
          try {
            viaLambda();
          } catch (Exception e) {
            caught = e;
          }
        }
        @Async static void viaLambda() throws Exception {
          AsyncCallable<String, Exception> lambda = () -> {
            Generic<String> generic = new OfString();
            return generic.get("x");
          };
          lambda.call();
        }
        @Async static void wrapped() {
          try {
            rethrows();
          } catch (Exception e) {
            caught = e;
          }
        }
        @Async static void rethrows() throws Exception {
          try {
            thrower(1);
          } catch (IllegalArgumentException e) {
            Points.pause();
            throw new Exception("wrapped", e);
          }
        }
        @Async static void awaited() {
          try {
            awaits();
          } catch (Exception e) {
            caught = e;
          }
        }
        @Async static void awaits() throws Exception {
          Points.pause();
          Points.failing(new Exception("awaited"));



        }
        @Async static void plain() {
          try {
            callsPlain();
          } catch (RuntimeException e) {
            caught = e;
          }
        }
        @Async static void callsPlain() {
          Points.pause();
          Plain.fail();
        }
        @Async static void odd() {
          try {
            throwsOdd();
          } catch (RuntimeException e) {
            caught = e;
            Points.pause();
          }
        }
        @Async static void throwsOdd() {
          Points.pause();
          throw new Odd();
        }
        static class Odd extends RuntimeException {
          @Override public StackTraceElement[] getStackTrace() {
            throw new UnsupportedOperationException();
          }
        }
        @Async static void silent() {
          try {
            throwsSilent();
          } catch (RuntimeException e) {
            caught = e;
          }
        }
        @Async static void throwsSilent() {
          Points.pause();
          throw new RuntimeException("silent", null, false, false) {};
        }
      }
      class Plain {
        static void fail() {
          throw new IllegalStateException("plain");
        }
      }
      """;

  private static Throwable caught(SourceCompiler compiler, String method, String... options) {
    Program program = Program.compile(compiler, List.of(options), SOURCE);
    ClassLoader loader = program.load();
    assertThat(Program.woven(loader, "demo.Case", method, Schedule.SUSPENDED).thrown()).isNull();
    try {
      return (Throwable) loader.loadClass("demo.Case").getField("caught").get(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Methods and lines, without the names that compilers give to lambdas. */
  private static List<String> lines(Throwable failure) {
    List<String> lines = new ArrayList<>();
    for (StackTraceElement element : failure.getStackTrace()) {
      String name =
          element.getMethodName().startsWith("lambda$") ? "lambda" : element.getMethodName();
      lines.add(element.getClassName() + "." + name + ":" + element.getLineNumber());
    }
    return lines;
  }

  private static final String END = "io.treadle.suspended:-1";

  @ParameterizedTest
  @EnumSource
  void wholeChainOnceAfterAResume(SourceCompiler compiler) {
    assertThat(lines(caught(compiler, "run")))
        .containsExactly(
            "demo.Case.thrower:25",
            "demo.Case.thrower:28",
            "demo.Case.thrower:28",
            "demo.Case$OfString$1.area:16",
            "demo.Case$OfString.get:19",
            "demo.Case.lambda:41",
            "demo.Case.viaLambda:43",
            "demo.Case.run:33",
            END);
  }

  @ParameterizedTest
  @EnumSource
  void causesHaveTheirOwnChain(SourceCompiler compiler) {
    Throwable failure = caught(compiler, "wrapped");
    assertThat(lines(failure))
        .containsExactly("demo.Case.rethrows:57", "demo.Case.wrapped:47", END);
    assertThat(lines(failure.getCause()))
        .startsWith("demo.Case.thrower:25", "demo.Case.thrower:28", "demo.Case.rethrows:54");
  }

  @ParameterizedTest
  @EnumSource
  void failureThatWasAwaitedGetsThePlaceWhereItWas(SourceCompiler compiler) {
    assertThat(lines(caught(compiler, "awaited")))
        .containsExactly(
            "demo.Case.awaits:69", // where it was made
            "demo.Case.awaits:69", // where it was delivered
            "demo.Case.awaited:62",
            END);
  }

  @Test
  void plainCodeIsPartOfTheChain() {
    assertThat(lines(caught(SourceCompiler.JAVAC, "plain")))
        .containsExactly(
            "demo.Plain.fail:116", "demo.Case.callsPlain:83", "demo.Case.plain:76", END);
  }

  /** Exceptions may override anything. */
  @Test
  void exceptionWhoseTraceCannotBeReadIsLeftAlone() {
    assertThat(caught(SourceCompiler.JAVAC, "odd").getClass().getSimpleName()).isEqualTo("Odd");
  }

  @Test
  void exceptionWithoutTraceIsLeftAlone() {
    assertThat(caught(SourceCompiler.JAVAC, "silent").getStackTrace()).isEmpty();
  }

  @Test
  void chainWithoutDebugInformation() {
    assertThat(lines(caught(SourceCompiler.JAVAC, "run", "-g:none")))
        .contains("demo.Case$OfString$1.area:-1", "demo.Case.viaLambda:-1", "demo.Case.run:-1")
        .endsWith(END);
  }
}
