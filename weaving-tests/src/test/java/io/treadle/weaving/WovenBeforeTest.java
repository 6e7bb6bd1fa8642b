package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Result;
import io.treadle.instrumenter.Weaver;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Case 61, and the eleventh guarantee: weaving twice, weaving reproducibly, loading nothing. */
final class WovenBeforeTest {
  private static final String SERVICE =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;

      public class Service {
        @Async
        public String find(int x) throws Exception {
          AsyncFunction<Integer, String, Exception> reference = this::text;
          return reference.apply(Points.value(x));
        }

        @Async
        String text(int x) {
          return "found" + Points.value(x);
        }
      }
      """;
  private static final String CASE =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;

      public class Case {
        @Async
        static String run() throws Exception {
          AsyncCallable<String, Exception> lambda = () -> new Service().find(Points.value(1));
          return lambda.call();
        }
      }
      """;

  /** The plugin wove it, the agent is on as well. */
  @ParameterizedTest
  @EnumSource
  void wovenClassesComeBackAsTheyAre(SourceCompiler compiler) {
    Map<String, byte[]> woven = Program.compile(compiler, SERVICE, CASE).weave().classFiles();
    Weaver weaver = Program.weaver(woven);
    woven.forEach(
        (name, bytes) -> {
          Result again = weaver.weave(bytes);
          assertThat(again.bytes()).isSameAs(bytes);
          assertThat(again.woven()).isFalse();
          assertThat(again.diagnostics()).isEmpty();
        });
  }

  /** An incremental build compiles one class again and finds the others woven. */
  @ParameterizedTest
  @EnumSource
  void oneClassIsCompiledAgainAmongWovenOnes(SourceCompiler compiler) {
    Program program = Program.compile(compiler, SERVICE, CASE);
    for (String compiledAgain : List.of("demo/Service", "demo/Case")) {
      Map<String, byte[]> mixed = new LinkedHashMap<>(program.weave().classFiles());
      mixed.put(compiledAgain, program.classFiles().get(compiledAgain));
      Result result = Program.weaver(mixed).weave(mixed.get(compiledAgain));
      assertThat(result.diagnostics()).isEmpty();
      assertThat(result.bytes()).isEqualTo(program.weave().classFiles().get(compiledAgain));
    }
  }

  @ParameterizedTest
  @EnumSource
  void orderOfClassesDoesNotMatter(SourceCompiler compiler) {
    Program program = Program.compile(compiler, SERVICE, CASE);
    Weaver weaver = Program.weaver(program.classFiles());
    for (String name : new TreeMap<>(program.classFiles()).descendingKeySet()) {
      assertThat(weaver.weave(program.classFiles().get(name)).bytes())
          .isEqualTo(program.weave().classFiles().get(name));
    }
    assertThat(program.woven("demo.Case", "run", Schedule.SUSPENDED).returned())
        .isEqualTo("found1");
  }

  @Test
  void oneWeaverWorksForSeveralThreads() throws Exception {
    Program program = Program.compile(SourceCompiler.JAVAC, SERVICE, CASE);
    Weaver weaver = Program.weaver(program.classFiles());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<byte[]>> woven = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String name = i % 2 == 0 ? "demo/Case" : "demo/Service";
        woven.add(threads.submit(() -> weaver.weave(program.classFiles().get(name)).bytes()));
      }
      for (int i = 0; i < 40; i++) {
        String name = i % 2 == 0 ? "demo/Case" : "demo/Service";
        assertThat(woven.get(i).get()).isEqualTo(program.weave().classFiles().get(name));
      }
    } finally {
      threads.shutdown();
    }
  }

  /** A class that calls a woven one is compiled again after that one has changed. */
  @Test
  void calleeThatIsNoLongerAsyncIsAnErrorOfTheWovenCaller() {
    Program before = Program.compile(SourceCompiler.JAVAC, SERVICE, CASE);
    Program after =
        Program.compile(SourceCompiler.JAVAC, SERVICE.replace("@Async\n  public", "public"), CASE);
    Map<String, byte[]> mixed = new LinkedHashMap<>(after.weave().classFiles());
    mixed.put("demo/Case", before.weave().classFiles().get("demo/Case"));
    Result result = Program.weaver(mixed).weave(mixed.get("demo/Case"));
    assertThat(result.hasErrors()).isTrue();
    assertThat(result.diagnostics().get(0).toString())
        .startsWith("demo/Case.java:9: error: Service.find(int)")
        .contains("was @Async when this class was compiled");
  }

  @Test
  void calleeThatIsGoneIsAnErrorOfTheWovenCaller() {
    Program before = Program.compile(SourceCompiler.JAVAC, SERVICE, CASE);
    Program after =
        Program.compile(SourceCompiler.JAVAC, SERVICE.replace("find(int x)", "find(Integer x)"));
    Map<String, byte[]> mixed = new LinkedHashMap<>(after.weave().classFiles());
    mixed.put("demo/Case", before.weave().classFiles().get("demo/Case"));
    Result result = Program.weaver(mixed).weave(mixed.get("demo/Case"));
    assertThat(result.diagnostics().get(0).toString())
        .startsWith("demo/Case.java:9: error: Service.find(int)")
        .contains("no longer");
  }

  // ------------------------------------------------------------------ absent classes

  /** A type that is only passed on may be absent when it is woven, and when it runs. */
  @ParameterizedTest
  @EnumSource
  void absentClassThatDoesNotMatter(SourceCompiler compiler) {
    Program program =
        Program.compile(
                compiler,
                "package demo; public class Absent {}",
                "package demo; public class AbsentParent {}",
                "package demo; public class Child extends AbsentParent {}",
                """
                package demo;

                import io.treadle.*;
                import io.treadle.weaving.harness.Points;

                public class Other {
                  static Absent none;

                  @Async
                  static Absent through(Absent x) {
                    Points.pause();
                    return x;
                  }

                  static Child child() {
                    return null;
                  }

                  @Async
                  static String all() {
                    Absent a = through(none);
                    Points.pause();
                    Child c = Points.value(1) == 2 ? child() : null;
                    Points.pause();
                    return a + Points.value("x") + c;
                  }
                }
                """,
                """
                package demo;

                import io.treadle.*;

                public class Case {
                  @Async
                  static String run() {
                    return Other.all();
                  }
                }
                """)
            .without("demo/Absent", "demo/AbsentParent", "demo/Child");
    assertThat(program.agree("demo.Case").returned()).isEqualTo("nullxnull");
  }
}
