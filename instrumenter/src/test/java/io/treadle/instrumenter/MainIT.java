package io.treadle.instrumenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar of the command line, as people run it. */
class MainIT {
  private static final String JAR = System.getProperty("treadle.cli.jar");

  @TempDir Path folder;

  private record Ended(int status, String output) {}

  private Ended run(String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replace("\r\n", "\n");
    return new Ended(process.waitFor(), output);
  }

  @Test
  void weaves() throws Exception {
    Path classes =
        JavaFiles.compile(
            folder.resolve("classes"),
            "package io.treadle; public @interface Async {}",
            "package p; class A { @io.treadle.Async int f() { return 1; } }");
    byte[] before = Files.readAllBytes(classes.resolve("p/A.class"));
    assertThat(run(classes.toString()).status()).isZero();
    assertThat(Files.readAllBytes(classes.resolve("p/A.class"))).isNotEqualTo(before);
  }

  @Test
  void tellsItsVersion() throws Exception {
    Ended ended = run("--version");
    assertThat(ended.status()).isZero();
    assertThat(ended.output()).matches("Treadle \\d+\\.\\d+\\S*\n");
  }

  @Test
  void endsWithTheStatusOfItsHelp() throws Exception {
    assertThat(run("--help").status()).isZero();
    assertThat(run().status()).isEqualTo(2);
    Path wrong =
        JavaFiles.compile(
            folder.resolve("wrong"),
            "package io.treadle; public @interface Async {}",
            "package p; class A { @io.treadle.Async native int f(); }");
    Ended ended = run(wrong.toString());
    assertThat(ended.output()).contains("error: ");
    assertThat(ended.status()).isEqualTo(1);
  }
}
