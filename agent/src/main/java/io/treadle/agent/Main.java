package io.treadle.agent;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program and weaves its classes as they are loaded.
 *
 * <pre>
 * java -jar treadle-agent.jar [-cp PATH] CLASS ARGUMENTS
 * java -cp PATH:treadle-agent.jar io.treadle.agent.Main CLASS ARGUMENTS
 * </pre>
 *
 * <p>The first is for a shell: the JVM starts the agent before anything else. The second is for a
 * development environment that builds the class path itself: the agent attaches to the JVM that it
 * runs in, of which JDK 21 and later warn ({@code -XX:+EnableDynamicAgentLoading} silences them).
 *
 * <p>Everything else is as {@code java} does it: exceptions, exit codes, the class path that the
 * program sees, and its class loader.
 */
public final class Main {
  private static final String USAGE =
      """
      Usage: java -jar treadle-agent.jar [-cp PATH] CLASS [ARGUMENT...]
      Runs the main method of a class and weaves classes as they are loaded.
      PATH is a class path; else the environment variable CLASSPATH has one; else it is
      the current directory.""";

  private static final String CLASS_PATH = "java.class.path";

  private Main() {}

  /**
   * Runs the program.
   *
   * @throws Throwable what the program throws
   */
  public static void main(String[] arguments) throws Throwable {
    List<String> rest = new ArrayList<>(List.of(arguments));
    String classPath = classPath(rest);
    if (rest.isEmpty()) {
      System.err.println(USAGE);
      System.exit(1);
    }
    try {
      Agent.attach();
    } catch (IllegalStateException e) {
      System.err.println("Error: " + e.getMessage());
      System.exit(1);
    }
    if (classPath != null) {
      addToClassPath(classPath);
    }
    String name = rest.remove(0).replace('/', '.');
    MethodHandle main = find(name);
    if (main == null) {
      System.exit(1);
    }
    main.invokeExact(rest.toArray(String[]::new));
  }

  /** Takes the option away. */
  private static @Nullable String classPath(List<String> arguments) {
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    if (List.of("-cp", "-classpath", "--class-path").contains(first) && arguments.size() > 1) {
      arguments.remove(0);
      return arguments.remove(0);
    }
    if (first.startsWith("--class-path=")) {
      return arguments.remove(0).substring("--class-path=".length());
    }
    if (!isOnlyOnClassPath()) {
      return null;
    }
    String environment = System.getenv("CLASSPATH");
    return environment != null ? environment : ".";
  }

  /** True if the class path is the jar of the agent: the program was started with -jar. */
  private static boolean isOnlyOnClassPath() {
    Path jar = Path.of(System.getProperty(CLASS_PATH, ""));
    return jar.toString().endsWith(".jar")
        && Files.isRegularFile(jar)
        && !System.getProperty(CLASS_PATH).contains(File.pathSeparator);
  }

  /**
   * Has the system class loader find the classes, as if they had been there from the start. It only
   * takes jars, but a jar can refer to folders.
   */
  private static void addToClassPath(String classPath) throws IOException {
    StringBuilder entries = new StringBuilder();
    for (Path entry : entries(classPath)) {
      entries.append(entry.toUri().toASCIIString()).append(' ');
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, entries.toString());
    Path jar = Files.createTempFile("treadle", ".jar");
    jar.toFile().deleteOnExit();
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
    Agent.instrumentation().appendToSystemClassLoaderSearch(new JarFile(jar.toFile()));
    System.setProperty(CLASS_PATH, classPath);
  }

  /** The entries of a class path; an entry that ends with an asterisk stands for the jars there. */
  private static List<Path> entries(String classPath) throws IOException {
    List<Path> entries = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (entry.equals("*") || entry.endsWith("/*") || entry.endsWith(File.separator + "*")) {
        Path folder = Path.of(entry.substring(0, entry.length() - 1));
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.list(folder)) {
            files
                .filter(f -> f.toString().matches("(?i).*\\.jar"))
                .map(Path::toAbsolutePath)
                .forEach(entries::add);
          }
        }
      } else {
        entries.add(Path.of(entry).toAbsolutePath().normalize());
      }
    }
    return entries;
  }

  /** The main method, of type (String[])void. Says why if there is none. */
  private static @Nullable MethodHandle find(String name) throws Throwable {
    Class<?> type;
    try {
      type = Class.forName(name, false, ClassLoader.getSystemClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      System.err.println("Error: Could not find or load main class " + name);
      System.err.println("Caused by: " + e);
      return null;
    }
    Method method = mainMethod(type);
    if (method == null) {
      System.err.println(
          "Error: Main method not found in class "
              + name
              + ", please define the main method as:\n   public static void main(String[] args)");
      return null;
    }
    method.setAccessible(true);
    MethodHandle handle = MethodHandles.lookup().unreflect(method);
    if (!Modifier.isStatic(method.getModifiers())) {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      handle = handle.bindTo(MethodHandles.lookup().unreflectConstructor(constructor).invoke());
    }
    return method.getParameterCount() == 1
        ? handle
        : MethodHandles.dropArguments(handle, 0, String[].class);
  }

  /** The method that {@code java} of this version would run. */
  private static @Nullable Method mainMethod(Class<?> type) {
    if (Runtime.version().feature() < 25) {
      try {
        Method method = type.getMethod("main", String[].class);
        boolean isMain =
            Modifier.isStatic(method.getModifiers()) && method.getReturnType() == void.class;
        return isMain ? method : null;
      } catch (NoSuchMethodException e) {
        return null;
      }
    }
    return Stream.of(new Class<?>[] {String[].class}, new Class<?>[0])
        .flatMap(parameters -> Stream.ofNullable(instanceMain(type, parameters)))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Method instanceMain(Class<?> type, Class<?>[] parameters) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if (method.getName().equals("main")
            && method.getReturnType() == void.class
            && !Modifier.isPrivate(method.getModifiers())
            && Arrays.equals(method.getParameterTypes(), parameters)) {
          return method;
        }
      }
    }
    return null;
  }
}
