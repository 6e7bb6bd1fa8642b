package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.weaving.harness.Outcome;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cases 62, 66 and 67, and the eighth guarantee: code that is not woven between woven code. An
 * intercepted call reaches the interceptor, or fails loudly; it never slips past.
 */
final class InterceptorsTest {
  private static final String SERVICE =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;

      public class Service {
        public String state = "";

        @Async
        public String quick(int x) {
          return "quick" + x + state;
        }

        @Async
        public String slow(int x) {
          return "slow" + Points.value(x) + state;
        }

        @Async
        public String both(int x) {
          return quick(x) + slow(x);
        }

        @Async
        public long primitive(long x, double y) {
          return x + (long) y;
        }

        @Async
        protected void nothing() throws InterruptedException {}
      }
      """;

  private static final String API =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;

      public interface Api {
        @Async
        String call(int x);

        @Async
        default String twice(int x) {
          return call(x) + Points.value(":") + call(x);
        }
      }
      """;

  /** A case for each way to call; each takes its receiver from {@link #plain}. */
  private static final String CASE =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;

      public class Case {
        @Async
        static String quick() {
          return Plain.service().quick(1);
        }

        @Async
        static String slow() {
          return Plain.service().slow(1);
        }

        @Async
        static String both() {
          return Plain.service().both(1);
        }

        @Async
        static String reference() throws Exception {
          AsyncFunction<Integer, String, Exception> reference = Plain.service()::quick;
          Points.pause();
          return reference.apply(1);
        }

        @Async
        static String others() throws InterruptedException {
          Plain.service().nothing();
          return "" + Plain.service().primitive(3, 4.5) + Points.value("!");
        }

        @Async
        static String call() {
          return Plain.api().call(1) + Points.value("!");
        }

        @Async
        static String twice() {
          return Plain.api().twice(1);
        }
      }
      """;

  /** Classes of a jar that is not woven. */
  private static String plain(String members) {
    return """
        package demo;

        import java.util.*;

        public class Plain {
          public static List<String> log = new ArrayList<>();
          static Service service() { return new Sub(); }
          static Api api() { return new Impl(); }
        """
        + members
        + "}";
  }

  private static final String SUB =
      """
      static class Sub extends Service {
        @Override
        public String quick(int x) {
          log.add("quick");
          return "<" + super.quick(x) + ">";
        }

        @Override
        public String slow(int x) {
          log.add("slow");
          return "<" + super.slow(x) + ">";
        }

        @Override
        public long primitive(long x, double y) {
          return -super.primitive(x, y);
        }
      }
      """;
  private static final String IMPL =
      """
      static class Impl implements Api {
        @Override
        public String call(int x) {
          log.add("call");
          return "impl" + x;
        }
      }
      """;

  private static final String[] PLAIN = {"demo/Plain", "demo/Plain$Sub", "demo/Plain$Impl"};

  private static Outcome run(Program program, String method, Schedule schedule) {
    return Program.woven(program.load(program.weaveAllBut(PLAIN)), "demo.Case", method, schedule);
  }

  // ------------------------------------------------------------------ subclasses

  @ParameterizedTest
  @ValueSource(strings = {"quick", "reference", "others", "call"})
  void unwovenSubclassesWorkAndCannotSuspend(String method) {
    Program program = Program.compile(SourceCompiler.JAVAC, SERVICE, API, CASE, plain(SUB + IMPL));
    Outcome plain = program.plain("demo.Case", method);
    for (Schedule schedule : Schedule.ALL) {
      assertThat(run(program, method, schedule)).as(schedule.toString()).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow", "both"})
  void suspensionBelowAnUnwovenOverrideFails(String method) {
    Program program = Program.compile(SourceCompiler.JAVAC, SERVICE, API, CASE, plain(SUB + IMPL));
    assertThat(run(program, method, Schedule.READY)).isEqualTo(program.plain("demo.Case", method));
    assertThat(run(program, method, Schedule.SUSPENDED).thrown())
        .contains("IllegalStateException", "cannot suspend here", "demo.Plain$Sub", "slow(int)")
        .contains("not woven", "future style");
  }

  /** What an unwoven class inherits is woven code, and may suspend. */
  @ParameterizedTest
  @ValueSource(strings = {"slow", "both", "twice"})
  void methodsThatAnUnwovenClassInheritsMaySuspend(String method) {
    String quickOnly =
        """
        static class Sub extends Service {
          @Override
          public String quick(int x) {
            return "<" + super.quick(x) + ">";
          }
        }
        """;
    Program program =
        Program.compile(SourceCompiler.JAVAC, SERVICE, API, CASE, plain(quickOnly + IMPL));
    Outcome plain = program.plain("demo.Case", method);
    for (Schedule schedule : Schedule.ALL) {
      assertThat(run(program, method, schedule)).as(schedule.toString()).isEqualTo(plain);
    }
  }

  /** The class that decides may be neither the first nor the last of the hierarchy. */
  @Test
  void wovenSubclassOfAnUnwovenSubclass() {
    String below =
        """
        package demo;

        import io.treadle.*;
        import io.treadle.weaving.harness.Points;

        public class Below extends Plain.Sub {
          @Override
          @Async
          public String slow(int x) {
            return "below" + Points.value(x);
          }
        }
        """;
    String plain =
        plain(SUB + IMPL)
            .replace("new Sub()", "new Below()")
            .replace("static class Sub", "public static class Sub");
    Program program = Program.compile(SourceCompiler.JAVAC, SERVICE, API, CASE, plain, below);
    for (String method : List.of("quick", "slow", "both", "reference")) {
      Outcome expected = program.plain("demo.Case", method);
      for (Schedule schedule : Schedule.ALL) {
        assertThat(run(program, method, schedule)).as(method + schedule).isEqualTo(expected);
      }
    }
  }

  @Test
  void unwovenLambdasAndAnonymousClasses() {
    String lambda =
        """
        static class Sub extends Service {}
        static class Impl {}
        static Api other() {
          return x -> { log.add("lambda"); return "lambda" + x; };
        }
        """;
    Program program =
        Program.compile(
            SourceCompiler.JAVAC,
            SERVICE,
            API,
            CASE,
            plain(lambda).replace("new Impl()", "other()"));
    for (String method : List.of("call", "twice")) {
      Outcome expected = program.plain("demo.Case", method);
      for (Schedule schedule : Schedule.ALL) {
        assertThat(run(program, method, schedule)).as(method + schedule).isEqualTo(expected);
      }
    }
  }

  @Test
  void exceptionsOfUnwovenCodePassThrough() {
    String throwing =
        """
        static class Sub extends Service {
          @Override
          public String quick(int x) {
            throw new IllegalArgumentException("plain");
          }
        }
        """;
    Program program =
        Program.compile(SourceCompiler.JAVAC, SERVICE, API, CASE, plain(throwing + IMPL));
    for (Schedule schedule : Schedule.ALL) {
      assertThat(run(program, "both", schedule).thrown())
          .isEqualTo("java.lang.IllegalArgumentException: plain");
    }
  }

  // ------------------------------------------------------------------ 66

  private static final String CALLS_BACK =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;
      import java.util.*;

      public class Case {
        static List<String> ran = new ArrayList<>();

        @Async
        static String step(String x) {
          ran.add(x);
          return Points.value(x);
        }

        @Async
        static String run() {
          String outer = step("outer");
          try {
            return outer + Helper.help();
          } catch (IllegalStateException e) {
            return outer + ran + e.getMessage() + Points.value("!");
          }
        }
      }
      """;
  private static final String HELPER =
      """
      package demo;

      class Helper {
        static String help() {
          return Case.step("inner");
        }
      }
      """;

  @Test
  void plainCodeBetweenIsAnErrorWhereItIsSeen() {
    Program program = Program.compile(SourceCompiler.JAVAC, CALLS_BACK, HELPER);
    assertThat(program.weave().messages())
        .singleElement()
        .asString()
        .startsWith("demo/Helper.java:5: error: ")
        .contains("step(String)");
  }

  /** Plain code calls woven code back: it is refused there, not run a second time. */
  @Test
  void plainCodeThatCallsBackIsRefused() {
    Program program = Program.compile(SourceCompiler.JAVAC, CALLS_BACK, HELPER);
    Program.Woven woven = program.weaveAllBut("demo/Helper");
    assertThat(woven.diagnostics()).isEmpty();
    for (Schedule schedule : Schedule.ALL) {
      Outcome outcome = Program.woven(program.load(woven), "demo.Case", "run", schedule);
      assertThat(outcome.returned())
          .startsWith("outer[outer]demo.Case.step(java.lang.String) is @Async; it was called from")
          .contains("demo.Helper.help (Helper.java:5)", "not @Async code")
          .endsWith("!");
    }
  }

  // ------------------------------------------------------------------ 67

  @ParameterizedTest
  @ValueSource(strings = {"left", "right", "third", "viaClass", "viaInterface"})
  void unwovenClassThatInheritsTwoTwins(String method) {
    Program program =
        Program.compile(
            SourceCompiler.JAVAC,
            """
            package demo;

            import io.treadle.*;
            import io.treadle.weaving.harness.Points;

            interface Left {
              @Async
              default String f() {
                return "left" + Points.value(1);
              }
            }

            interface Right {
              @Async
              default String f() {
                return "right" + Points.value(2);
              }
            }

            interface Third {
              @Async
              String f();
            }

            abstract class Base implements Left {}

            interface LeftToo extends Left {}
            """,
            """
            package demo;

            class Plain extends Base implements Right, Third, LeftToo {
              @Override
              public String f() {
                return "plain";
              }
            }
            """,
            """
            package demo;

            import io.treadle.*;
            import io.treadle.weaving.harness.Points;

            class Case {
              @Async
              static String left() {
                Left left = new Plain();
                return left.f() + Points.value("!");
              }

              @Async
              static String right() {
                Right right = new Plain();
                return right.f() + Points.value("!");
              }

              @Async
              static String third() {
                Third third = new Plain();
                return third.f() + Points.value("!");
              }

              @Async
              static String viaClass() {
                Base base = new Plain();
                return base.f() + Points.value("!");
              }

              @Async
              static String viaInterface() {
                LeftToo left = new Plain();
                return left.f() + Points.value("!");
              }
            }
            """);
    ClassLoader loader = program.load(program.weaveAllBut("demo/Plain"));
    Outcome expected = program.plain("demo.Case", method);
    for (Schedule schedule : Schedule.ALL) {
      assertThat(Program.woven(loader, "demo.Case", method, schedule))
          .as(schedule.toString())
          .isEqualTo(expected);
    }
  }

  // ------------------------------------------------------------------ CGLIB

  /** What the interceptor does. */
  enum Advice {
    SUPER("methods.invokeSuper(self, arguments)"),
    OTHER_OBJECT("methods.invoke(TARGET, arguments)"),
    NOTHING("\"advice\"");

    private final String code;

    Advice(String code) {
      this.code = code;
    }

    Program program() {
      String members =
          """
          static final Service TARGET = new Service();
          static Service service() {
            org.springframework.cglib.proxy.Enhancer enhancer =
                new org.springframework.cglib.proxy.Enhancer();
            enhancer.setSuperclass(Service.class);
            enhancer.setUseCache(false);
            enhancer.setCallback(
                (org.springframework.cglib.proxy.MethodInterceptor)
                    (self, method, arguments, methods) -> {
                      log.add(method.getName());
                      return CODE;
                    });
            return (Service) enhancer.create();
          }
          static class Sub {}
          """
              .replace("CODE", code);
      String plain =
          plain(members + IMPL).replace("static Service service() { return new Sub(); }", "");
      return Program.compile(
          SourceCompiler.JAVAC,
          SERVICE,
          API,
          """
          package demo;

          import io.treadle.*;
          import io.treadle.weaving.harness.Points;

          public class Case {
            @Async
            static String quick() {
              Service service = Plain.service();
              Plain.log.clear();
              String result = service.quick(1) + Points.value("!");
              return result + Plain.log;
            }

            @Async
            static String slow() {
              Service service = Plain.service();
              Plain.log.clear();
              String result = service.slow(1) + Points.value("!");
              return result + Plain.log;
            }
          }
          """,
          plain);
    }
  }

  @ParameterizedTest
  @EnumSource
  void interceptorOfCglibIsReachedOnce(Advice advice) {
    Program program = advice.program();
    Outcome plain = program.plain("demo.Case", "quick");
    assertThat(plain.returned()).endsWith("![quick]");
    for (Schedule schedule : Schedule.ALL) {
      assertThat(run(program, "quick", schedule)).as(schedule.toString()).isEqualTo(plain);
    }
    assertThat(run(program, "slow", Schedule.READY)).isEqualTo(program.plain("demo.Case", "slow"));
  }

  @Test
  void suspensionBelowAnInterceptorOfCglibFails() {
    Outcome outcome = run(Advice.SUPER.program(), "slow", Schedule.SUSPENDED);
    assertThat(outcome.thrown())
        .contains("IllegalStateException", "cannot suspend here", "EnhancerByCGLIB", "slow(int)");
  }

  // ------------------------------------------------------------------ several at once

  @Test
  void interceptionsNestAndEnd() {
    List<String> methods = new ArrayList<>(List.of("quick", "slow", "quick", "both", "quick"));
    Program program = Program.compile(SourceCompiler.JAVAC, SERVICE, API, CASE, plain(SUB + IMPL));
    ClassLoader loader = program.load(program.weaveAllBut(PLAIN));
    for (String method : methods) { // a failure inside one must not leave its mark on the thread
      Outcome outcome = Program.woven(loader, "demo.Case", method, Schedule.SUSPENDED);
      assertThat(outcome.thrown() == null).isEqualTo(method.equals("quick"));
    }
  }
}
