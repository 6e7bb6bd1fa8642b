package io.treadle.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.instrumenter.ClassPath;
import io.treadle.instrumenter.Result;
import io.treadle.instrumenter.Weaver;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.build.BuildLogger;
import net.bytebuddy.build.EntryPoint;
import net.bytebuddy.build.Plugin;
import net.bytebuddy.build.Plugin.Factory.UsingReflection;
import net.bytebuddy.build.Plugin.Factory.UsingReflection.ArgumentResolver;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.inline.MethodNameTransformer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

class BuildPluginTest {
  private static final String[] PROGRAM = {
    """
    public class A {
      @io.treadle.Async int f() { return g(); }
      @io.treadle.Async int g() { return 1; }
    }
    """,
    "public class B extends A { @io.treadle.Async int f() { return super.f() + new A().g(); } }",
    "public class Plain { int f() { return 1; } }",
    "public class Caller { @io.treadle.Async int f(A a) { return a.f(); } }"
  };

  @TempDir Path folder;
  private Path in;
  private Path out;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @BeforeEach
  void create() throws IOException {
    in = Files.createDirectory(folder.resolve("in"));
    out = Files.createDirectory(folder.resolve("out"));
  }

  @ParameterizedTest
  @EnumSource(EntryPoint.Default.class)
  void givesTheBytesOfTheWeaver(EntryPoint entry) throws IOException {
    Compiled.to(in, PROGRAM);
    Plugin.Engine engine =
        Plugin.Engine.Default.of(
            entry, ClassFileVersion.ofThisVm(), MethodNameTransformer.Suffixing.withRandomSuffix());
    apply(engine, treadle());
    assertWoven("A", "B", "Caller");
    assertThat(Compiled.bytes(out, "Plain")).isEqualTo(Compiled.bytes(in, "Plain"));
  }

  @Test
  void needsNotBeToldWhereTheClassesAre() throws IOException {
    Compiled.to(in, PROGRAM);
    apply(engine(), new UsingReflection(BuildPlugin.class));
    assertWoven("A", "B", "Caller");
  }

  @Test
  void weavesInParallel() throws IOException {
    Compiled.to(in, PROGRAM);
    apply(engine().withParallelTransformation(2), treadle());
    assertWoven("A", "B", "Caller");
  }

  @Test
  void weavesNothingTwice() throws IOException {
    Compiled.to(in, PROGRAM);
    apply(engine(), treadle(), treadle());
    Path again = Files.createDirectory(folder.resolve("again"));
    engine().with(classPath()).apply(out.toFile(), again.toFile(), treadle());
    for (String name : List.of("A", "B", "Caller", "Plain")) {
      assertThat(Compiled.bytes(again, name)).isEqualTo(Compiled.bytes(out, name));
    }
  }

  @Test
  void knowsInAnIncrementalBuildWhatWasWovenBefore() throws IOException {
    Compiled.to(in, PROGRAM);
    Plugin.Engine.Source changed =
        new Plugin.Engine.Source.Filtering(
            new Plugin.Engine.Source.ForFolder(in.toFile()),
            element -> element.getName().endsWith("Caller.class"));
    engine()
        .with(classPath())
        .apply(changed, new Plugin.Engine.Target.ForFolder(out.toFile()), List.of(treadle()));
    assertWoven("Caller");
    assertThat(out.resolve("A.class")).doesNotExist();
  }

  @Test
  void weavesWhatAPluginBeforeHasChanged() throws IOException {
    Compiled.to(in, PROGRAM);
    apply(engine(), new Plugin.Factory.Simple(new AddsField()), treadle());
    assertThat(members("A")).contains("added", "f(Lio/treadle/continuation/Coroutine;)I");
    assertThat(members("Plain")).contains("added");
  }

  @Test
  void letsAPluginAfterItChangeWhatIsWoven() throws IOException {
    Compiled.to(in, PROGRAM);
    apply(engine(), treadle(), new Plugin.Factory.Simple(new AddsField()));
    assertThat(members("A")).contains("added", "f(Lio/treadle/continuation/Coroutine;)I");
  }

  @Test
  void failsTheBuildAndLogsAllErrors() {
    String wrong =
        """
        public class %s {
          @io.treadle.Async int f() { return 1; }
          @io.treadle.Async synchronized int g() { return f(); }
        }
        """;
    Compiled.to(in, wrong.formatted("A"), wrong.formatted("B"));
    assertThatThrownBy(() -> apply(engine(), treadle()))
        .hasStackTraceContaining("A.java:3: error: ");
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("A.java:3: error: ", "B.java:3: error: ");
  }

  @Test
  void isFoundByBuildTools() throws IOException {
    assertThat(Plugin.Engine.Default.scan(BuildPlugin.class.getClassLoader()))
        .contains(BuildPlugin.class.getName());
  }

  private static Plugin.Engine engine() {
    return new Plugin.Engine.Default();
  }

  private void apply(Plugin.Engine engine, Plugin.Factory... plugins) throws IOException {
    engine.with(classPath()).apply(in.toFile(), out.toFile(), plugins);
  }

  /** The plugin as Byte Buddy's Maven plugin makes it. */
  private Plugin.Factory treadle() {
    BuildLogger logger =
        new BuildLogger.StreamWriting(new PrintStream(log, true, StandardCharsets.UTF_8));
    return new UsingReflection(BuildPlugin.class)
        .with(
            ArgumentResolver.ForType.of(File.class, in.toFile()),
            ArgumentResolver.ForType.of(File[].class, new File[] {Compiled.runtime().toFile()}),
            ArgumentResolver.ForType.of(BuildLogger.class, logger));
  }

  private static ClassFileLocator classPath() throws IOException {
    File runtime = Compiled.runtime().toFile();
    return new ClassFileLocator.Compound(
        ClassFileLocator.ForClassLoader.ofPlatformLoader(),
        runtime.isFile()
            ? ClassFileLocator.ForJarFile.of(runtime)
            : new ClassFileLocator.ForFolder(runtime));
  }

  private void assertWoven(String... names) throws IOException {
    try (ClassPath own = ClassPath.beingWoven(List.of(in));
        ClassPath others = ClassPath.of(List.of(Compiled.runtime()))) {
      Weaver weaver = Weaver.of(own.or(others).or(ClassPath.jdk()));
      for (String name : names) {
        Result expected = weaver.weave(Compiled.bytes(in, name));
        assertThat(expected.woven()).isTrue();
        assertThat(Compiled.bytes(out, name)).isEqualTo(expected.bytes());
      }
    }
  }

  private List<String> members(String name) {
    ClassNode node = new ClassNode();
    new ClassReader(Compiled.bytes(out, name)).accept(node, ClassReader.SKIP_CODE);
    return Stream.concat(
            node.fields.stream().map(f -> f.name), node.methods.stream().map(m -> m.name + m.desc))
        .toList();
  }

  private static final class AddsField implements Plugin {
    @Override
    public DynamicType.Builder<?> apply(
        DynamicType.Builder<?> builder, TypeDescription type, ClassFileLocator locator) {
      return builder.defineField("added", int.class, 0);
    }

    @Override
    public boolean matches(TypeDescription type) {
      return true;
    }

    @Override
    public void close() {}
  }
}
