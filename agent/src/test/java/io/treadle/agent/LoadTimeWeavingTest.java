package io.treadle.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.ClassPath;
import io.treadle.instrumenter.Diagnostic;
import io.treadle.instrumenter.Result;
import io.treadle.instrumenter.Weaver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

class LoadTimeWeavingTest {
  private static final Diagnostic WARNING =
      new Diagnostic(Diagnostic.Severity.WARNING, "A.java", 1, "odd");
  private static final Diagnostic ERROR =
      new Diagnostic(Diagnostic.Severity.ERROR, "A.java", 1, "wrong");

  @TempDir Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  /** What the weaver answers. */
  private LoaderWeaver.Loom loom = classFile -> new Result(classFile, false, List.of());

  private final LoadTimeWeaving weaving =
      new LoadTimeWeaving(
          source -> classFile -> loom.weave(classFile),
          () -> new PrintStream(printed, true, StandardCharsets.UTF_8));
  private URLClassLoader loader;

  @BeforeEach
  void compile() throws IOException {
    Compiled.to(
        folder,
        "public class A { @io.treadle.Async int f() { return 1; } }",
        "public class Plain { int f() { return 1; } }",
        "public class Caller { int f(A a) { return a.f(); } }",
        "public interface I { @io.treadle.Async int f(); }");
    loader =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL(), Compiled.runtime().toUri().toURL()}, null);
  }

  @AfterEach
  void close() throws IOException {
    loader.close();
  }

  @Test
  void visitsAsyncClassesAndTheirCallersOnly() {
    assertThat(concerns(loader, "A")).isTrue();
    assertThat(concerns(loader, "Caller")).isTrue();
    assertThat(concerns(loader, "I")).isTrue();
    assertThat(concerns(loader, "Plain")).isFalse();
  }

  @Test
  void ignoresTheJdkAndItself() throws IOException {
    byte[] object = bytes(Object.class);
    assertThat(concerns(null, "java/lang/Object", null, object)).isFalse();
    byte[] asyncBytes = Compiled.bytes(folder, "A");
    ClassLoader own = LoadTimeWeaving.class.getClassLoader();
    assertThat(concerns(own, "io/treadle/agent/A", null, asyncBytes)).isFalse();
    assertThat(concerns(own, "net/bytebuddy/A", null, asyncBytes)).isFalse();
  }

  @Test
  void readsNothingForALoaderThatDoesNotSeeTheRuntime() throws IOException {
    try (URLClassLoader without = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
      assertThat(concerns(without, "Caller")).isFalse();
      assertThat(concerns(without, "A")).as("names the annotation itself").isTrue();
    }
  }

  @Test
  void leavesAloneWhatIsGeneratedAtRunTime() {
    assertThat(concerns(loader, "P", null, implementation("P", null))).isFalse();
    assertThat(concerns(loader, "P", null, implementation("P", "<generated>"))).isFalse();
    assertThat(concerns(loader, "P", null, implementation("P", "P.java"))).isTrue();
    assertThat(concerns(loader, "A", null, implementation("A", null)))
        .as("compiled without debug information")
        .isTrue();
  }

  @Test
  void visitsWhatWasCompiledInMemory() throws IOException {
    byte[] bytes = Compiled.bytes(folder, "A");
    try (URLClassLoader inMemory =
        new URLClassLoader(new URL[] {Compiled.runtime().toUri().toURL()}, null)) {
      assertThat(concerns(inMemory, "A", null, bytes)).isTrue();
    }
  }

  @Test
  void leavesAClassAsItIsThatItsLoaderNeedsToFindClassFiles() {
    byte[] bytes = Compiled.bytes(folder, "A");
    List<String> visited = new ArrayList<>();
    weaving.filter(
        loader,
        "A",
        null,
        bytes,
        name -> {
          visited.add(name);
          weaving.filter(loader, "Caller", null, Compiled.bytes(folder, "Caller"), never());
          weaving.filter(loader, "B", null, bytes, never());
          weaving.filter(loader.getParent(), "C", null, bytes, add(visited));
          return bytes;
        });
    weaving.filter(loader, "D", null, bytes, add(visited));
    assertThat(visited).containsExactly("A", "C", "D");
    assertThat(printed()).startsWith("B was not woven");
  }

  @Test
  void asksALoaderForNothingWhileItAnswers() {
    byte[] bytes = Compiled.bytes(folder, "A");
    List<String> visited = new ArrayList<>();
    ClassLoader needsClasses =
        new ClassLoader(loader) {
          @Override
          public URL getResource(String name) {
            weaving.filter(this, "Inner", null, bytes, add(visited));
            return super.getResource(name);
          }
        };
    weaving.filter(needsClasses, "Caller", null, Compiled.bytes(folder, "Caller"), add(visited));
    assertThat(visited).containsExactly("Caller");
    assertThat(printed()).contains("Inner was not woven");
  }

  @Test
  void takesTheNameFromTheClassFileWhenTheJvmGivesNone() {
    List<String> visited = new ArrayList<>();
    weaving.filter(loader, null, null, Compiled.bytes(folder, "A"), add(visited));
    assertThat(visited).containsExactly("A");
  }

  @Test
  void printsWhatTheJvmWouldSwallow() {
    byte[] bytes = Compiled.bytes(folder, "A");
    byte[] woven =
        weaving.filter(
            loader,
            "A",
            null,
            bytes,
            name -> {
              throw new NoClassDefFoundError("missing");
            });
    assertThat(woven).isNull();
    assertThat(printed()).contains("A was not woven", "missing");
  }

  @Test
  void doesNotWeaveAnewWhatIsLoadedUnwoven() throws Exception {
    Class<?> type = loader.loadClass("A");
    byte[] bytes = Compiled.bytes(folder, "A");
    assertThat(concerns(loader, "A", type, bytes)).isTrue();
    weaving.weavers().of(loader).addUnwoven("A");
    assertThat(concerns(loader, "A", type, bytes)).isFalse();
  }

  @Test
  void givesTheBytesOfTheWeaverAndPrintsWarnings() {
    byte[] woven = {1, 2, 3};
    loom = classFile -> new Result(woven, true, List.of(WARNING));
    assertThat(weaving.weave(loader, "A", Compiled.bytes(folder, "A"))).isSameAs(woven);
    assertThat(printed()).isEqualToIgnoringNewLines("A.java:1: warning: odd");
  }

  @Test
  void goesThroughByteBuddyUnchanged() throws Exception {
    List<ClassFileTransformer> installed = new ArrayList<>();
    Instrumentation instrumentation =
        (Instrumentation)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Instrumentation.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("addTransformer")) {
                    installed.add((ClassFileTransformer) arguments[0]);
                    assertThat(arguments).as("cannot retransform").doesNotContain(true);
                  }
                  return method.getReturnType() == boolean.class ? true : null;
                });
    LoadTimeWeaving real = new LoadTimeWeaving();
    real.installOn(instrumentation);
    byte[] classFile = Compiled.bytes(folder, "A");
    byte[] woven =
        installed.get(0).transform(getClass().getModule(), loader, "A", null, null, classFile);
    try (ClassPath path = ClassPath.beingWoven(List.of(folder));
        ClassPath runtime = ClassPath.of(List.of(Compiled.runtime()))) {
      Result expected = Weaver.of(path.or(runtime).or(ClassPath.jdk())).weave(classFile);
      assertThat(expected.woven()).isTrue();
      assertThat(woven).isEqualTo(expected.bytes());
    }
    byte[] plain = Compiled.bytes(folder, "Plain");
    assertThat(
            installed.get(0).transform(getClass().getModule(), loader, "Plain", null, null, plain))
        .isNull();
    assertThat(installed.get(0).transform(getClass().getModule(), loader, "A", null, null, woven))
        .as("woven twice")
        .isNull();
  }

  @Test
  void printsErrorsAndMakesTheClassFail() {
    loom = classFile -> new Result(classFile, false, List.of(ERROR));
    byte[] bytes = Compiled.bytes(folder, "A");
    byte[] failing = weaving.weave(loader, "A", bytes);
    assertThat(new String(failing, StandardCharsets.ISO_8859_1))
        .contains("io/treadle/WeavingError", "A.java:1: error: wrong");
    assertThat(printed()).isEqualToIgnoringNewLines("A.java:1: error: wrong");
  }

  @Test
  void makesTheClassFailWhenTheWeaverDoes() {
    loom =
        classFile -> {
          throw new IllegalStateException("a defect");
        };
    byte[] failing = weaving.weave(loader, "A", Compiled.bytes(folder, "A"));
    assertThat(new String(failing, StandardCharsets.ISO_8859_1))
        .contains("io/treadle/WeavingError");
    assertThat(printed())
        .contains("A.class: error: cannot be woven, which is a bug in Treadle", "a defect");
  }

  private static LoadTimeWeaving.Next never() {
    return name -> {
      throw new AssertionError(name);
    };
  }

  private static LoadTimeWeaving.Next add(List<String> visited) {
    return name -> {
      visited.add(name);
      return null;
    };
  }

  /** A class that implements I. */
  private static byte[] implementation(String name, String source) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(
        Opcodes.V17, Opcodes.ACC_ABSTRACT, name, null, "java/lang/Object", new String[] {"I"});
    writer.visitSource(source, null);
    return writer.toByteArray();
  }

  private boolean concerns(ClassLoader by, String name) {
    return concerns(by, name, null, Compiled.bytes(folder, name));
  }

  /** True if the class gets through the filter. */
  private boolean concerns(ClassLoader by, String name, Class<?> redefined, byte[] classFile) {
    List<String> visited = new ArrayList<>();
    weaving.filter(by, name, redefined, classFile, add(visited));
    return visited.contains(name);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Class<?> type) throws IOException {
    try (InputStream file =
        type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
      return file.readAllBytes();
    }
  }
}
