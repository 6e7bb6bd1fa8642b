package io.treadle.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.samples.linkcheck.LinkCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The samples as the compiler makes them, woven by the agent when they are loaded. */
class AgentIT {
  private static final String AGENT = "-javaagent:" + System.getProperty("treadle.agent.jar");

  @TempDir private static Path unwoven;

  @BeforeAll
  static void compile() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
      List<Path> javaFiles = sources.filter(file -> file.toString().endsWith(".java")).toList();
      List<String> options = List.of("--release", "17", "-proc:none", "-d", unwoven.toString());
      assertThat(
              compiler
                  .getTask(
                      null,
                      files,
                      null,
                      options,
                      null,
                      files.getJavaFileObjectsFromPaths(javaFiles))
                  .call())
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void printsTheSame(Sample sample) throws Exception {
    ForkedJvm.Outcome outcome = start(List.of(AGENT), sample.main()).end();

    assertThat(outcome.out().lines())
        .as(outcome.err())
        .containsExactlyElementsOf(sample.output().lines().toList());
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void checksLinks(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("index.html"),
        "<p id=here><a href='#here'>here</a><a href='#there'>there</a><a href='no.html'>no</a>");

    ForkedJvm.Outcome outcome = start(List.of(AGENT), LinkCheck.class, folder.toString()).end();

    assertThat(outcome.out().lines())
        .startsWith(
            folder + "/#there: the page has no such anchor",
            "  on " + folder + "/",
            folder + "/no.html: HTTP status 404",
            "  on " + folder + "/");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  /** Otherwise the tests above would prove nothing. */
  @Test
  void withoutTheAgentTheClassesAreNotWoven() throws Exception {
    ForkedJvm.Outcome outcome = start(List.of(), Hello.class).end();

    assertThat(outcome.err()).contains("IllegalStateException").contains("woven");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  private static ForkedJvm start(List<String> jvmOptions, Class<?> main, String... args)
      throws IOException {
    // Those of the build are behind them, and woven.
    String classPath =
        unwoven + System.getProperty("path.separator") + System.getProperty("java.class.path");
    return ForkedJvm.start(
        Stream.of(jvmOptions.stream(), Stream.of("-cp", classPath, main.getName()), Stream.of(args))
            .flatMap(part -> part)
            .toList());
  }
}
