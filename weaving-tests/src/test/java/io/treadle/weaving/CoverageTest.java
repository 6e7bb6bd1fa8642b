package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.data.SessionInfoStore;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.LoggerRuntime;
import org.jacoco.core.runtime.RuntimeData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Case 62: JaCoCo, which changes classes before or after the weaver does. */
final class CoverageTest {
  private static final String SOURCE =
      """
      package demo;
      import io.treadle.*;
      import io.treadle.weaving.harness.Points;
      public class Case {
        final int k = 2;
        @Async Object call(int x) throws Exception {
          Points.pause();
          AsyncCallable<Integer, Exception> lambda = () -> {
            int y = Points.value(x);
            return k + y;
          };
          AsyncFunction<Integer, Object, Exception> reference = this::other;
          if (Points.value(x) > 100) {
            return "never";
          }
          return lambda.call() + "" + reference.apply(4);
        }
        @Async Object other(int x) {
          return "o" +
              Points.value(x);
        }
        @Async static Object unused() {
          return Points.value("unused");
        }
        @Async static Object run() throws Exception {
          return new Case().call(3);
        }
      }
      """;

  /** What a run of instrumented classes covered, by line. */
  private static Map<Integer, Integer> covered(
      Program program, Order order, Schedule schedule, String returned) throws Exception {
    LoggerRuntime runtime = new LoggerRuntime();
    RuntimeData data = new RuntimeData();
    runtime.startup(data);
    try {
      byte[] analysed = program.classFiles().get("demo/Case");
      Instrumenter instrumenter = new Instrumenter(runtime);
      Program.Woven woven;
      if (order == Order.BEFORE) {
        Map<String, byte[]> files = new LinkedHashMap<>(program.classFiles());
        files.put("demo/Case", instrumenter.instrument(analysed, "Case"));
        woven = Program.of(files).weave();
      } else {
        Map<String, byte[]> files = new LinkedHashMap<>(program.weave().classFiles());
        analysed = files.get("demo/Case");
        files.put("demo/Case", instrumenter.instrument(analysed, "Case"));
        woven = new Program.Woven(files, program.weave().diagnostics());
      }
      assertThat(woven.diagnostics()).isEmpty();
      assertThat(Program.woven(program.load(woven), "demo.Case", "run", schedule).returned())
          .isEqualTo(returned);
      ExecutionDataStore execution = new ExecutionDataStore();
      data.collect(execution, new SessionInfoStore(), false);
      return lines(analysed, execution);
    } finally {
      runtime.shutdown();
    }
  }

  private static Map<Integer, Integer> lines(byte[] analysed, ExecutionDataStore execution)
      throws IOException {
    CoverageBuilder builder = new CoverageBuilder();
    new Analyzer(execution, builder).analyzeClass(analysed, "Case");
    IClassCoverage coverage = builder.getClasses().iterator().next();
    assertThat(coverage.isNoMatch()).isFalse();
    Map<Integer, Integer> lines = new TreeMap<>();
    for (int line = coverage.getFirstLine(); line <= coverage.getLastLine(); line++) {
      ICounter instructions = coverage.getLine(line).getInstructionCounter();
      if (instructions.getTotalCount() > 0) {
        lines.put(line, instructions.getStatus());
      }
    }
    return lines;
  }

  /** Whether JaCoCo or the weaver comes first. */
  enum Order {
    BEFORE,
    AFTER
  }

  @ParameterizedTest
  @EnumSource
  void linesOfTheUserAreCoveredWhereTheyRan(Order order) throws Exception {
    Program program = Program.compile(SourceCompiler.JAVAC, SOURCE);
    for (Schedule schedule : new Schedule[] {Schedule.READY, Schedule.SUSPENDED}) {
      Map<Integer, Integer> lines = covered(program, order, schedule, "5o4");
      assertThat(lines.keySet()).containsExactly(4, 5, 7, 8, 9, 10, 12, 13, 14, 16, 19, 20, 23, 26);
      lines.forEach(
          (line, status) ->
              assertThat(status)
                  .as("line " + line + ", " + order + ", " + schedule)
                  .isEqualTo(
                      line == 14 || line == 23 ? ICounter.NOT_COVERED : ICounter.FULLY_COVERED));
    }
  }
}
