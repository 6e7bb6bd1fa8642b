package io.treadle.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM started by a test. */
public final class ForkedJvm {
  private final Process process;
  private final Path out;
  private final Path err;

  private ForkedJvm(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** What a JVM has printed, and how it ended. */
  public record Outcome(int exitCode, String out, String err) {}

  /** Starts one of this JDK. */
  public static ForkedJvm start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    Path out = Files.createTempFile("treadle-samples", ".out");
    Path err = Files.createTempFile("treadle-samples", ".err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new ForkedJvm(builder.start(), out, err);
  }

  /** Asks it to end, as Ctrl-C does. */
  public void interrupt() {
    process.destroy();
  }

  /** Waits until it has ended. */
  public Outcome end() throws IOException, InterruptedException {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("still running: " + Files.readString(out) + Files.readString(err));
      }
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }
}
