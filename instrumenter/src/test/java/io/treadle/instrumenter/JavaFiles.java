package io.treadle.instrumenter;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Java sources, compiled by javac into a folder, and folders packed into jars. */
final class JavaFiles {
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
  private static final Pattern TYPE = Pattern.compile("(?:class|interface|enum|record) (\\w+)");

  private JavaFiles() {}

  /** Compiles sources, each named after the first type in it; returns the folder. */
  static Path compile(Path folder, String... sources) throws IOException {
    return compile(folder, List.of(), sources);
  }

  static Path compile(Path folder, Collection<Path> classPath, String... sources)
      throws IOException {
    Path written = Files.createTempDirectory("sources");
    List<String> arguments =
        new ArrayList<>(List.of("-g", "-proc:none", "--release", "17", "-d", folder.toString()));
    arguments.add("-cp");
    arguments.add(
        Stream.concat(classPath.stream(), Stream.of(folder))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    for (String source : sources) {
      Path file = written.resolve(name(source) + ".java");
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, source).toString());
    }
    StringWriter messages = new StringWriter();
    PrintWriter out = new PrintWriter(messages, true);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    if (javac.run(out, out, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalArgumentException(messages.toString());
    }
    return folder;
  }

  private static String name(String source) {
    Matcher type = TYPE.matcher(source);
    if (!type.find()) {
      throw new IllegalArgumentException(source);
    }
    Matcher inPackage = PACKAGE.matcher(source);
    return (inPackage.find() ? inPackage.group(1).replace('.', '/') + "/" : "") + type.group(1);
  }

  /** Packs what is in a folder, its manifest first. */
  static Path jar(Path jar, Path folder, Map<String, String> manifest) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file);
        Stream<Path> found = Files.walk(folder)) {
      zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
      StringBuilder lines = new StringBuilder("Manifest-Version: 1.0\r\n");
      manifest.forEach((name, value) -> lines.append(name + ": " + value + "\r\n"));
      zip.write((lines + "\r\n").getBytes());
      for (Path path : found.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(path).toString().replace('\\', '/')));
        zip.write(Files.readAllBytes(path));
      }
    }
    return jar;
  }
}
