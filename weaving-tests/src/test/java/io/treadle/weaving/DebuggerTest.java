package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Continuation;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A debugger on woven code sees the user's methods, lines and variables: jdb, scripted. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class DebuggerTest {
  private static final String SOURCE =
      """
      package demo;

      import io.treadle.Async;
      import io.treadle.Continuation;

      class Debugged {
        @Async int twice(int x) {
          int before = x;
          Continuation.pause();
          int after = before + x;
          String text = "v" + after;
          return text.length() + after;
        }

        public static void main(String[] args) {
          Continuation c = Continuation.of(() -> {
            int result = new Debugged().twice(21);
            System.out.println("result " + result);
          });
          while (!c.isDone()) {
            c.run();
          }
        }
      }
      """;

  @TempDir Path folder;
  private Process jdb;
  private OutputStream input;
  private InputStream output;

  @BeforeEach
  void start() throws IOException, URISyntaxException {
    Map<String, byte[]> woven = Program.compile(SourceCompiler.JAVAC, SOURCE).weave().classFiles();
    for (Map.Entry<String, byte[]> file : woven.entrySet()) {
      Path path = folder.resolve(file.getKey() + ".class");
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    Path runtime =
        Path.of(Continuation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    jdb =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jdb").toString(),
                "-classpath",
                folder + System.getProperty("path.separator") + runtime,
                "demo.Debugged")
            .redirectErrorStream(true)
            .start();
    input = jdb.getOutputStream();
    output = jdb.getInputStream();
    await("> ");
  }

  @AfterEach
  void kill() {
    jdb.destroyForcibly();
  }

  private String command(String command, String answer) throws IOException {
    input.write((command + "\n").getBytes(StandardCharsets.UTF_8));
    input.flush();
    return await(answer);
  }

  /** Reads until the text has come. The test's time limit is the limit. */
  private String await(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = output.read();
      if (next < 0) {
        throw new AssertionError("no \"" + text + "\" in: " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  @Test
  void aBreakpointAfterASuspensionIsHitAndStepsGoLineByLine() throws IOException {
    command("stop at demo.Debugged:10", "> ");
    String hit = command("run", "main[1] ");
    assertThat(hit).contains("Breakpoint hit").contains("line=10");
    String locals = command("locals", "main[1] ");
    assertThat(locals).contains("x = 21").contains("before = 21");

    assertThat(command("next", "main[1] ")).contains("Step completed").contains("line=11");
    assertThat(command("next", "main[1] ")).contains("Step completed").contains("line=12");
    assertThat(command("locals", "main[1] ")).contains("after = 42").contains("text = \"v42\"");
    assertThat(command("cont", "application exited")).contains("result 45");
  }

  @Test
  void steppingOverASuspensionNeverShowsALineThatIsNotTheUsers() throws IOException {
    command("stop at demo.Debugged:8", "> ");
    assertThat(command("run", "main[1] ")).contains("line=8");
    assertThat(command("next", "main[1] ")).contains("line=9");
    // The step leaves the method, which is suspended: a breakpoint behind it is hit in the resume.
    command("stop at demo.Debugged:11", "main[1] ");
    assertThat(command("cont", "main[1] ")).contains("Breakpoint hit").contains("line=11");
    assertThat(command("where", "main[1] ")).contains("Debugged.java:11");
  }
}
