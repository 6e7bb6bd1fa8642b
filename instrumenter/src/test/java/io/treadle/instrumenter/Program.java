package io.treadle.instrumenter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Java sources that are compiled in memory, against the names of the runtime: the sources in the
 * resource folder {@code runtime}, which do next to nothing.
 */
public final class Program implements ClassSource {
  private static final List<String> RUNTIME_SOURCES =
      List.of(
          "Async",
          "AsyncCallable",
          "AsyncFunction",
          "AsyncRunnable",
          "Blocking",
          "PlainCalls",
          "Task",
          "Treadle",
          "continuation/Coroutine",
          "continuation/Frame",
          "continuation/FutureBody",
          "continuation/Linkage",
          "continuation/Twin",
          "continuation/Woven");
  private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record) (\\w+)");
  private static final Pattern PACKAGE = Pattern.compile("\\bpackage ([\\w.]+);");

  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** One for all programs: it remembers what it has read. */
  private static final JavaFileManager PLATFORM = COMPILER.getStandardFileManager(null, null, null);

  private static final Map<String, byte[]> RUNTIME =
      compile(
          Stream.concat(
                  RUNTIME_SOURCES.stream().map(Program::runtimeSource),
                  Stream.of("R2", "I1R1", "I2", "I2R4", "I4R8", "N").map(Program::frameSource))
              .toList(),
          List.of(),
          Map.of());

  private final Map<String, byte[]> classes;

  private Program(Map<String, byte[]> classes) {
    this.classes = classes;
  }

  /** Compiles sources; each file is named after the first type in it. */
  public static Program of(String... sources) {
    return ofOptions(List.of(), sources);
  }

  public static Program ofOptions(List<String> options, String... sources) {
    return new Program(compile(List.of(sources), options, RUNTIME));
  }

  /** A program of class files that were made otherwise. */
  public static Program ofClasses(Map<String, byte[]> classes) {
    return new Program(classes);
  }

  /** The class files, by internal name. */
  public Map<String, byte[]> classes() {
    return classes;
  }

  public byte[] bytes(String name) {
    byte[] bytes = classes.get(name);
    if (bytes == null) {
      throw new IllegalArgumentException("no " + name + " in " + classes.keySet());
    }
    return bytes;
  }

  @Override
  public ClassFile find(String internalName) {
    byte[] own = classes.get(internalName);
    if (own != null) {
      return new ClassFile(own, "classes", true);
    }
    byte[] runtime = RUNTIME.get(internalName);
    if (runtime != null) {
      return new ClassFile(runtime, "treadle.jar", true);
    }
    try (InputStream file = ClassLoader.getSystemResourceAsStream(internalName + ".class")) {
      return file == null || !internalName.startsWith("java/")
          ? null
          : new ClassFile(file.readAllBytes(), "jdk", false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Result weave(String name) {
    return Weaver.of(this).weave(bytes(name));
  }

  /** What is found in all classes, in order. */
  public List<Diagnostic> diagnostics() {
    return diagnostics(Weaver.of(this));
  }

  public List<Diagnostic> diagnostics(Weaver weaver) {
    return classes.values().stream()
        .flatMap(bytes -> weaver.weave(bytes).diagnostics().stream())
        .sorted()
        .toList();
  }

  /** This program, woven. */
  public Program woven() {
    return woven(Weaver.of(this));
  }

  public Program woven(Weaver weaver) {
    Map<String, byte[]> woven = new TreeMap<>();
    classes.forEach(
        (name, bytes) -> {
          Result result = weaver.weave(bytes);
          if (result.hasErrors()) {
            throw new AssertionError(result.diagnostics());
          }
          woven.put(name, result.bytes());
        });
    return new Program(woven);
  }

  /** Loads the classes, and has the JVM verify all of them. */
  public ClassLoader load() {
    ClassLoader loader =
        new ClassLoader(ClassLoader.getPlatformClassLoader()) {
          @Override
          protected Class<?> findClass(String name) throws ClassNotFoundException {
            String internal = name.replace('.', '/');
            byte[] bytes = classes.getOrDefault(internal, RUNTIME.get(internal));
            if (bytes == null) {
              throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
          }
        };
    for (String name : classes.keySet()) {
      try {
        // Links, and so verifies, but does not initialise.
        Class.forName(name.replace('/', '.'), false, loader).getDeclaredMethods();
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }
    return loader;
  }

  // ------------------------------------------------------------------ compilation

  private static String runtimeSource(String name) {
    try (InputStream source =
        Program.class.getResourceAsStream("/runtime/io/treadle/" + name + ".java")) {
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String frameSource(String shape) {
    return "package io.treadle.continuation; public class Frame" + shape + " extends Frame {}";
  }

  private static synchronized Map<String, byte[]> compile(
      List<String> sources, List<String> options, Map<String, byte[]> path) {
    Map<String, byte[]> compiled = new TreeMap<>();
    StringWriter messages = new StringWriter();
    List<String> all = new ArrayList<>(List.of("-g", "-proc:none", "-Xlint:none", "-nowarn"));
    all.addAll(options);
    if (!options.contains("--release")) {
      // Not --release: it would read the platform again for every program.
      all.addAll(List.of("-source", "17", "-target", "17"));
    }
    List<Source> units = sources.stream().map(Source::new).toList();
    JavaFileManager files = new Files(PLATFORM, path, compiled);
    if (!COMPILER.getTask(messages, files, null, all, null, units).call()) {
      throw new IllegalArgumentException(messages.toString());
    }
    return compiled;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("source:///" + path(text)), Kind.SOURCE);
      this.text = text;
    }

    private static String path(String text) {
      Matcher type = TYPE.matcher(text);
      Matcher in = PACKAGE.matcher(text);
      String folder = in.find() ? in.group(1).replace('.', '/') + "/" : "";
      return folder + (type.find() ? type.group(1) : "Source") + ".java";
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Binary extends SimpleJavaFileObject {
    private final String name;
    private final Map<String, byte[]> classes;

    Binary(String name, Map<String, byte[]> classes) {
      super(URI.create("class:///" + name + ".class"), Kind.CLASS);
      this.name = name;
      this.classes = classes;
    }

    @Override
    public InputStream openInputStream() {
      return new java.io.ByteArrayInputStream(classes.get(name));
    }

    @Override
    public OutputStream openOutputStream() {
      return new ByteArrayOutputStream() {
        @Override
        public void close() {
          classes.put(name, toByteArray());
        }
      };
    }
  }

  private static final class Files extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, byte[]> path;
    private final Map<String, byte[]> compiled;

    Files(JavaFileManager manager, Map<String, byte[]> path, Map<String, byte[]> compiled) {
      super(manager);
      this.path = path;
      this.compiled = compiled;
    }

    @Override
    public Iterable<JavaFileObject> list(
        Location location, String packageName, Set<JavaFileObject.Kind> kinds, boolean recurse)
        throws IOException {
      if (location != StandardLocation.CLASS_PATH) {
        return super.list(location, packageName, kinds, recurse);
      }
      List<JavaFileObject> found = new ArrayList<>();
      for (String name : path.keySet()) {
        String in = name.substring(0, Math.max(0, name.lastIndexOf('/'))).replace('/', '.');
        if (in.equals(packageName)) {
          found.add(new Binary(name, path));
        }
      }
      return found;
    }

    @Override
    public String inferBinaryName(Location location, JavaFileObject file) {
      return file instanceof Binary binary
          ? binary.name.replace('/', '.')
          : super.inferBinaryName(location, file);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new Binary(className.replace('.', '/'), compiled);
    }
  }
}
