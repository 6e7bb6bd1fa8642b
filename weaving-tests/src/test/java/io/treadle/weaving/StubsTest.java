package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.treadle.instrumenter.StubPolicy;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The seventh guarantee: what plain code gets when it calls a direct-style method. */
final class StubsTest {
  private static final String SERVICE =
      """
      package demo;

      import io.treadle.*;
      import java.util.List;

      public class Service {
        public static int ran;

        @Async
        public static long ofClass(int a, long b, String[] c, List<String> d) {
          ran++;
          Continuation.pause();
          ran++;
          return a + b;
        }

        @Async
        public double virtual(double x) {
          ran++;
          return x;
        }

        @Async
        public void nothing() {
          ran++;
        }

        @Async
        public boolean flag() {
          ran++;
          return true;
        }

        public interface Api {
          @Async
          default Object any() {
            ran++;
            return this;
          }
        }

        public static Api api() {
          return new Api() {};
        }

        public static AsyncCallable<String, RuntimeException> lambda() {
          return () -> {
            ran++;
            return "lambda";
          };
        }
      }
      """;
  private static final String CALLER =
      """
      package demo;

      public class Caller {
        @interface Async {}

        public static void ofClass() {
          Service.ofClass(1, 2, new String[0], null);
        }

        public static void virtual() {
          new Service().virtual(1);
        }

        public static void nothing() {
          new Service().nothing();
        }

        public static void flag() {
          new Service().flag();
        }

        public static void any() {
          Service.api().any();
        }

        public static void call() {
          Service.lambda().call();
        }

        @io.treadle.Async
        public static void unwoven() {
          new Service().nothing();
        }

        @org.demo.Async
        public static void otherLibrary() {
          new Service().nothing();
        }

        public Caller() {
          new Service().nothing();
        }

        public static void constructor() {
          new Caller();
        }

        public static void lambda() {
          Runnable r = () -> new Service().nothing();
          r.run();
        }
      }
      """;
  private static final String OTHER_LIBRARY =
      """
      package org.demo;

      import java.lang.annotation.*;

      @Retention(RetentionPolicy.RUNTIME)
      public @interface Async {}
      """;

  private static ClassLoader refusing() {
    Program program = Program.compile(SourceCompiler.JAVAC, SERVICE, CALLER, OTHER_LIBRARY);
    return program.load(program.weaveAllBut("demo/Caller"));
  }

  private static Throwable failureOf(ClassLoader loader, String method) {
    return catchThrowable(
        () -> {
          Method plain = loader.loadClass("demo.Caller").getMethod(method);
          try {
            plain.invoke(null);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  // ------------------------------------------------------------------ they refuse

  @ParameterizedTest
  @ValueSource(strings = {"ofClass", "virtual", "nothing", "flag", "any", "call"})
  void stubRefusesBeforeAnythingRuns(String method) throws Exception {
    ClassLoader loader = refusing();
    assertThat(failureOf(loader, method))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            method + "(", "is @Async", "demo.Caller." + method + " (Caller.java:", "Treadle.run");
    assertThat(loader.loadClass("demo.Service").getField("ran").get(null)).isEqualTo(0);
  }

  @Test
  void messageNamesTheMethodWithItsParameters() {
    assertThat(failureOf(refusing(), "ofClass"))
        .hasMessageStartingWith(
            "demo.Service.ofClass(int, long, java.lang.String[], java.util.List) is @Async; it was"
                + " called from demo.Caller.ofClass (Caller.java:7), which is not @Async code");
  }

  @Test
  void asyncCallerThatWasNotWovenIsToldHowToWeave() {
    assertThat(failureOf(refusing(), "unwoven"))
        .hasMessageContainingAll(
            "which is @Async but was not woven", "treadle-maven-plugin", "agent");
  }

  @Test
  void callerWithTheAnnotationOfAnotherLibraryIsToldSo() {
    assertThat(failureOf(refusing(), "otherLibrary"))
        .hasMessageContainingAll("bears @org.demo.Async, not @io.treadle.Async");
  }

  @ParameterizedTest
  @ValueSource(strings = {"constructor", "lambda"})
  void callersThatHaveNoMethodOfTheirOwn(String method) {
    assertThat(failureOf(refusing(), method))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("demo.Caller.");
  }

  // ------------------------------------------------------------------ they drive

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void drivingStubRunsATrampolineOfItsOwn(SourceCompiler compiler) throws Exception {
    Program program =
        Program.compile(
            compiler,
            """
            package demo;

            import io.treadle.*;
            import io.treadle.continuation.*;
            import java.util.concurrent.*;

            public class Case {
              static int ran;

              @Async
              static <T> T later(T x) {
                throw new IllegalStateException("not woven");
              }

              @Twin
              static <T> T later(T x, Coroutine c) {
                Suspension<T> s = Suspension.of(c, "later");
                ForkJoinPool.commonPool().execute(() -> s.resume(x));
                return s.await();
              }

              @Async
              static <T> T failing(Exception e) throws Exception {
                throw new IllegalStateException("not woven");
              }

              @Twin
              static <T> T failing(Exception e, Coroutine c) throws Exception {
                Suspension<T> s = Suspension.of(c, "failing");
                ForkJoinPool.commonPool().execute(() -> s.fail(e));
                return s.await();
              }

              @Async
              public static long primitive(int a, double b) {
                return later(a) + (long) (double) later(b);
              }

              @Async
              public String text(String s) throws Exception {
                AsyncFunction<String, String, Exception> f = x -> later(x) + later("!");
                return f.apply(s);
              }

              @Async
              public static void nothing() {
                later("x");
                ran++;
              }

              @Async
              public static synchronized boolean locked() {
                return true;
              }

              public static String run() throws Exception {
                nothing();
                String thrown = "";
                try {
                  failing(new java.io.IOException("x"));
                } catch (java.io.IOException e) {
                  thrown = e.getMessage();
                }
                return primitive(1, 2.5) + new Case().text("t") + ran + locked() + thrown;
              }
            }
            """);
    Program.Woven woven = program.weave(StubPolicy.DRIVE);
    assertThat(woven.diagnostics()).isEmpty();
    Method run = program.load(woven).loadClass("demo.Case").getMethod("run");
    assertThat(run.invoke(null)).isEqualTo("3t!1truex");
  }
}
