package io.treadle.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Runs programs in JVMs of their own, of the JDK that runs the tests. */
final class ForkedJvm {
  /** What a program left behind. */
  record Outcome(int exitCode, String out, String err) {}

  /** The agent as one jar. */
  static final Path AGENT = Path.of(System.getProperty("treadle.agent.jar", "treadle-agent.jar"));

  private final Path folder;
  private final List<String> environment = new ArrayList<>();

  /**
   * @param folder the working directory of the programs
   */
  ForkedJvm(Path folder) {
    this.folder = folder;
  }

  ForkedJvm withEnvironment(String name, String value) {
    ForkedJvm changed = new ForkedJvm(folder);
    changed.environment.add(name);
    changed.environment.add(value);
    return changed;
  }

  /** Runs {@code java} with these arguments to its end. */
  Outcome java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    for (String announced : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
      builder.environment().remove(announced); // the JVM prints them
    }
    builder.environment().remove("CLASSPATH");
    for (int i = 0; i < environment.size(); i += 2) {
      builder.environment().put(environment.get(i), environment.get(i + 1));
    }
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<String> err =
          CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
      String out = read(process.getInputStream());
      return new Outcome(process.waitFor(), out, err.join());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static String classPath(Path... entries) {
    return Arrays.stream(entries)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Has a JVM say nothing when an agent attaches. */
  static String quietAttach() {
    return Runtime.version().feature() < 21 ? "-ea" : "-XX:+EnableDynamicAgentLoading";
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .replace(System.lineSeparator(), "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
