package io.treadle.weaving.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.eclipse.jdt.internal.compiler.tool.EclipseCompiler;

/** A Java compiler that works in memory. */
public enum SourceCompiler {
  JAVAC,
  ECJ;

  private static final Pattern PACKAGE =
      Pattern.compile("^\\s*package\\s+([\\w.]+)\\s*;", Pattern.MULTILINE);
  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|record|enum)\\s+([\\p{L}$_][\\w$\\p{L}]*)");

  /**
   * Compiles texts, each a source file that is named after the first type in it.
   *
   * @return class files by internal name
   * @throws AssertionError if they do not compile
   */
  public Map<String, byte[]> compile(List<String> options, List<String> texts) {
    List<JavaFileObject> sources = new ArrayList<>();
    for (String text : texts) {
      Matcher folder = PACKAGE.matcher(text);
      Matcher type = TYPE.matcher(text);
      if (!type.find()) {
        throw new IllegalArgumentException("no type in " + text);
      }
      String name = folder.find() ? folder.group(1) + "." + type.group(1) : type.group(1);
      sources.add(new Source(name, text));
    }
    return compileAll(options, sources);
  }

  /** Compiles the source file of a test class of this module. */
  Map<String, byte[]> compile(List<String> options, Class<?> test) {
    String file = test.getName().replace('.', '/') + ".java";
    Path path = Path.of("src/test/java", file);
    if (!Files.exists(path)) { // not run in the module's folder
      path = Path.of("weaving-tests/src/test/java", file);
    }
    try {
      return compileAll(options, List.of(new Source(test.getName(), Files.readString(path))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, byte[]> compileAll(List<String> options, List<JavaFileObject> sources) {
    JavaCompiler compiler =
        this == JAVAC ? ToolProvider.getSystemJavaCompiler() : new EclipseCompiler();
    List<String> all = new ArrayList<>(List.of("-proc:none"));
    if (options.stream().noneMatch(o -> o.startsWith("-g"))) {
      all.add("-g");
    }
    if (this == ECJ && !options.contains("--release")) {
      String version = Integer.toString(Runtime.version().feature());
      all.addAll(List.of("-source", version, "-target", version, "-nowarn"));
    }
    all.addAll(options);
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager standard =
            compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        InMemory files = new InMemory(standard)) {
      standard.setLocation(StandardLocation.SOURCE_PATH, List.of());
      boolean done = compiler.getTask(messages, files, null, all, null, sources).call();
      if (!done) {
        throw new AssertionError(this + " refuses the source:\n" + messages);
      }
      return files.classFiles();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("memory:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class ClassFile extends SimpleJavaFileObject {
    final ByteArrayOutputStream content = new ByteArrayOutputStream();

    ClassFile(String className) {
      super(URI.create("memory:///" + className.replace('.', '/') + ".class"), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return content;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ClassFile> written = new LinkedHashMap<>();

    InMemory(StandardJavaFileManager parent) {
      super(parent);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return written.computeIfAbsent(className.replace('.', '/'), ClassFile::new);
    }

    /** ECJ asks whether there is such a file in the source path. */
    @Override
    public boolean contains(Location location, FileObject file) throws IOException {
      return file instanceof Source || super.contains(location, file);
    }

    Map<String, byte[]> classFiles() {
      return written.entrySet().stream()
          .collect(
              Collectors.toMap(
                  Map.Entry::getKey,
                  e -> e.getValue().content.toByteArray(),
                  (a, b) -> b,
                  LinkedHashMap::new));
    }
  }
}
