package io.treadle.weaving.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.continuation.Coroutine;
import io.treadle.instrumenter.AsyncMethods;
import io.treadle.instrumenter.ClassSource;
import io.treadle.instrumenter.Diagnostic;
import io.treadle.instrumenter.Result;
import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.Weaver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;

/** The unwoven class files of a case. Immutable. */
public final class Program {
  private static final String POINTS = Points.class.getName().replace('.', '/');

  /** Annotated methods, and the suspension points of the harness. */
  private static final AsyncMethods ASYNC =
      (owner, access, name, descriptor, annotated) ->
          annotated
              || owner.equals(POINTS)
                  && Modifier.isPublic(access)
                  && !descriptor.contains(Coroutine.class.descriptorString());

  /** By internal name. */
  private final Map<String, byte[]> classFiles;

  private @Nullable Woven woven;

  private Program(Map<String, byte[]> classFiles) {
    this.classFiles = classFiles;
  }

  /** Class files, by internal name. */
  public static Program of(Map<String, byte[]> classFiles) {
    return new Program(new LinkedHashMap<>(classFiles));
  }

  /** Class files. */
  public static Program of(byte[]... classFiles) {
    Map<String, byte[]> byName = new LinkedHashMap<>();
    for (byte[] file : classFiles) {
      byName.put(new ClassReader(file).getClassName(), file);
    }
    return new Program(byName);
  }

  /** Source files, each named after the first type in it. */
  public static Program compile(SourceCompiler compiler, String... texts) {
    return compile(compiler, List.of(), texts);
  }

  /** Source files, each named after the first type in it, with options for the compiler. */
  public static Program compile(SourceCompiler compiler, List<String> options, String... texts) {
    return new Program(compiler.compile(options, List.of(texts)));
  }

  static Program ofTestClass(SourceCompiler compiler, Class<?> test, List<String> options) {
    return new Program(compiler.compile(options, test));
  }

  /** This program and the classes of another. */
  public Program and(Program other) {
    Map<String, byte[]> all = new LinkedHashMap<>(classFiles);
    all.putAll(other.classFiles);
    return new Program(all);
  }

  /** This program without some classes: they are absent when it is woven and when it runs. */
  public Program without(String... internalNames) {
    Map<String, byte[]> rest = new LinkedHashMap<>(classFiles);
    Arrays.asList(internalNames).forEach(rest::remove);
    return new Program(rest);
  }

  /** The class files, by internal name. */
  public Map<String, byte[]> classFiles() {
    return Map.copyOf(classFiles);
  }

  // ------------------------------------------------------------------ weaving

  /** What became of a program. */
  public record Woven(Map<String, byte[]> classFiles, List<Diagnostic> diagnostics) {
    /** The messages, in the order of files and lines, as the weaver prints them. */
    public List<String> messages() {
      return diagnostics.stream().map(Diagnostic::toString).toList();
    }
  }

  /**
   * The weaver of the harness: it sees the program, then the class path.
   *
   * @param program class files, by internal name; they count as woven
   */
  public static Weaver weaver(Map<String, byte[]> program) {
    return weaver(program, name -> null);
  }

  private static Weaver weaver(Map<String, byte[]> program, ClassSource first) {
    ClassSource own =
        name -> {
          byte[] bytes = program.get(name);
          return bytes == null ? null : new ClassSource.ClassFile(bytes, "the program", true);
        };
    return Weaver.of(first.or(own).or(Program::onClassPath)).withAsyncMethods(ASYNC);
  }

  private static ClassSource.@Nullable ClassFile onClassPath(String name) {
    byte[] bytes = resource(name);
    boolean woven = name.equals(POINTS) || isRuntime(name);
    return bytes == null ? null : new ClassSource.ClassFile(bytes, "the class path", woven);
  }

  /** The runtime's own classes; where they have not been woven yet, the harness does it. */
  private static boolean isRuntime(String name) {
    return name.startsWith("io/treadle/")
        && !name.startsWith("io/treadle/continuation/")
        && !name.startsWith("io/treadle/weaving/")
        && !name.startsWith("io/treadle/instrumenter/");
  }

  private static byte @Nullable [] resource(String name) {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Weaves all classes. Weaving again must change nothing, and give the same bytes. */
  public synchronized Woven weave() {
    if (woven == null) {
      woven = weave(StubPolicy.REFUSE);
    }
    return woven;
  }

  /** Weaves all classes. */
  public Woven weave(StubPolicy stubs) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<Diagnostic> diagnostics = new ArrayList<>();
    Weaver weaver = weaver(classFiles).withStubs(stubs);
    classFiles.forEach(
        (name, bytes) -> {
          Result result = weaver.weave(bytes);
          files.put(name, result.bytes());
          diagnostics.addAll(result.diagnostics());
        });
    diagnostics.sort(null);
    Weaver another = weaver(classFiles).withStubs(stubs);
    Weaver again = weaver(files).withStubs(stubs);
    files.forEach(
        (name, bytes) -> {
          assertThat(another.weave(classFiles.get(name)).bytes())
              .as("woven again from the same class file: " + name)
              .isEqualTo(bytes);
          if (diagnostics.stream().noneMatch(Diagnostic::isError)) {
            assertThat(again.weave(bytes).bytes()).as("woven twice: " + name).isSameAs(bytes);
          }
        });
    return new Woven(files, diagnostics);
  }

  /** Weaves all classes but some, which stay as they are: those of a jar that is not woven, say. */
  public Woven weaveAllBut(String... internalNames) {
    List<String> plain = List.of(internalNames);
    Map<String, byte[]> files = new LinkedHashMap<>(classFiles);
    List<Diagnostic> diagnostics = new ArrayList<>();
    ClassSource rest =
        name -> {
          byte[] bytes = plain.contains(name) ? classFiles.get(name) : null;
          return bytes == null ? null : new ClassSource.ClassFile(bytes, "plain.jar", false);
        };
    Weaver weaver = weaver(classFiles, rest).withStubs(StubPolicy.REFUSE);
    files.replaceAll(
        (name, bytes) -> {
          if (plain.contains(name)) {
            return bytes;
          }
          Result result = weaver.weave(bytes);
          diagnostics.addAll(result.diagnostics());
          return result.bytes();
        });
    diagnostics.sort(null);
    return new Woven(files, diagnostics);
  }

  // ------------------------------------------------------------------ running

  /** Checks that {@code run()} of a class does the same unwoven and woven, in every schedule. */
  public Outcome agree(String className) {
    Outcome plain = plain(className, "run");
    for (Schedule schedule : Schedule.ALL) {
      assertThat(woven(className, "run", schedule)).as(schedule.toString()).isEqualTo(plain);
    }
    return plain;
  }

  /** A new loader of the unwoven program. */
  public ClassLoader loadPlain() {
    return new Loader(classFiles, name -> null);
  }

  /** Runs a method of the unwoven program, which blocks. */
  public Outcome plain(String className, String method) {
    ClassLoader loader = loadPlain();
    Trace trace = new Trace();
    trace.enter();
    String returned = "";
    String thrown = null;
    try {
      Class<?> type = Class.forName(className, false, loader);
      Method plain = type.getDeclaredMethod(method);
      plain.setAccessible(true);
      returned = text(plain.invoke(receiver(plain)));
    } catch (InvocationTargetException e) {
      thrown = Outcome.describe(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    } finally {
      Trace.leave();
    }
    return new Outcome(trace.lines(), returned, thrown, 0);
  }

  /** Runs a method of the woven program. */
  public Outcome woven(String className, String method, Schedule schedule) {
    return woven(load(), className, method, schedule);
  }

  /** Runs a method of a woven program that is loaded. */
  public static Outcome woven(
      ClassLoader loader, String className, String method, Schedule schedule) {
    Class<?> type;
    Method twin;
    Object receiver;
    try {
      type = Class.forName(className, false, loader);
      twin = type.getDeclaredMethod(method, Coroutine.class);
      twin.setAccessible(true);
      receiver = receiver(twin);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
    return Driver.run(schedule, new TwinBody(twin, receiver));
  }

  /** A new loader of the woven program, each woven class of which the JVM has verified. */
  public ClassLoader load() {
    Woven program = weave();
    assertThat(program.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
    return load(program);
  }

  /** A new loader of a woven program, each woven class of which the JVM has verified. */
  public ClassLoader load(Woven program) {
    Weaver weaver = weaver(program.classFiles());
    ClassLoader loader = new Loader(program.classFiles(), name -> runtime(name, weaver));
    program
        .classFiles()
        .forEach(
            (name, bytes) -> {
              if (bytes != classFiles.get(name)) {
                link(name.replace('/', '.'), loader);
              }
            });
    return loader;
  }

  /** Links a class without initialising it: the JVM does so before it lists constructors. */
  private static void link(String name, ClassLoader loader) {
    try {
      Class.forName(name, false, loader).getDeclaredConstructors();
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** A class of the runtime that has not been woven yet, woven; else null. */
  private static byte @Nullable [] runtime(String name, Weaver weaver) {
    byte[] bytes = isRuntime(name) ? resource(name) : null;
    Result result = bytes == null ? null : weaver.weave(bytes);
    return result != null && result.woven() ? result.bytes() : null;
  }

  private static @Nullable Object receiver(Method method) throws ReflectiveOperationException {
    if (Modifier.isStatic(method.getModifiers())) {
      return null;
    }
    Constructor<?> constructor = method.getDeclaringClass().getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  private static String text(@Nullable Object returned) {
    String text = Arrays.deepToString(new Object[] {returned});
    return text.substring(1, text.length() - 1);
  }

  private record TwinBody(Method twin, @Nullable Object receiver) implements Driver.Body {
    @Override
    public @Nullable Object start(Coroutine c) throws Exception {
      try {
        return twin.invoke(receiver, c);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof Exception exception) {
          throw exception;
        }
        throw (Error) e.getCause();
      }
    }

    @Override
    public @Nullable Object take(Coroutine c) {
      Class<?> type = twin.getReturnType();
      if (type == void.class) {
        c.takeVoid();
        return null;
      } else if (!type.isPrimitive()) {
        return c.takeRef();
      } else if (type == long.class) {
        return c.takeLong();
      } else if (type == float.class) {
        return c.takeFloat();
      } else if (type == double.class) {
        return c.takeDouble();
      }
      int value = c.takeInt();
      if (type == boolean.class) {
        return value != 0;
      } else if (type == char.class) {
        return (char) value;
      }
      return value;
    }

    @Override
    public String text(@Nullable Object returned) {
      return Program.text(returned);
    }
  }

  /** Defines the classes of a program itself and leaves all others to its parent. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classFiles;
    private final Function<String, byte @Nullable []> runtime;

    Loader(Map<String, byte[]> classFiles, Function<String, byte @Nullable []> runtime) {
      super(Program.class.getClassLoader());
      setDefaultAssertionStatus(true);
      this.classFiles = classFiles;
      this.runtime = runtime;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        String internalName = name.replace('.', '/');
        byte[] bytes = classFiles.get(internalName);
        if (bytes == null) {
          bytes = runtime.apply(internalName);
        }
        return bytes == null
            ? super.loadClass(name, resolve)
            : defineClass(name, bytes, 0, bytes.length);
      }
    }
  }
}
