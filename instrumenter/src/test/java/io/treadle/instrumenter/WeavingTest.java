package io.treadle.instrumenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * With a weaver that marks the classes whose names start with W, and finds fault with those that
 * start with E.
 */
class WeavingTest {
  @TempDir Path folder;

  /** Which class saw which others woven, and from where. */
  private final List<String> asked = new ArrayList<>();

  private Weaving weaving(List<Path> roots, List<Path> classPath) {
    return Weaving.of(roots, classPath).withWeaver(source -> bytes -> weave(source, bytes));
  }

  private Result weave(ClassSource source, byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    String simpleName = reader.getClassName().replaceFirst(".*/", "");
    ClassSource.ClassFile other = source.find("p/Other");
    asked.add(
        simpleName + " " + (other == null ? "none" : other.bytes().length + " " + other.woven()));
    if (simpleName.startsWith("X")) {
      throw new IllegalStateException("boom");
    }
    if (simpleName.startsWith("E")) {
      return new Result(
          bytes,
          false,
          List.of(
              new Diagnostic(Diagnostic.Severity.WARNING, "p/" + simpleName + ".java", 7, "odd"),
              new Diagnostic(Diagnostic.Severity.ERROR, "p/" + simpleName + ".java", 3, "wrong"),
              new Diagnostic(Diagnostic.Severity.ERROR, "p/" + simpleName + ".java", 3, "wrong")));
    }
    if (!simpleName.startsWith("W")) {
      return new Result(bytes, false, List.of());
    }
    boolean broken = simpleName.equals("WBroken");
    ClassWriter writer = new ClassWriter(0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visitEnd() {
            var method = visitMethod(Opcodes.ACC_STATIC, "woven", "()V", null, null);
            method.visitCode();
            method.visitInsn(broken ? Opcodes.IRETURN : Opcodes.RETURN);
            method.visitMaxs(1, 0);
            method.visitEnd();
            super.visitEnd();
          }
        },
        0);
    return new Result(writer.toByteArray(), true, List.of());
  }

  @Test
  void weavesWhatNeedsItAndLeavesTheWritingToTheCaller() throws Exception {
    Path classes =
        JavaFiles.compile(
            folder.resolve("classes"), "package p; class Plain {}", "package p; class Woven {}");
    byte[] before = Files.readAllBytes(classes.resolve("p/Woven.class"));
    Weaving.Outcome outcome = weaving(List.of(classes), List.of()).run();
    assertThat(outcome.classes()).isEqualTo(2);
    assertThat(outcome.diagnostics()).isEmpty();
    assertThat(outcome.unverified()).isEmpty();
    assertThat(outcome.changed()).hasSize(1);
    assertThat(classes.resolve("p/Woven.class")).hasBinaryContent(before);

    Weaving.Changed changed = outcome.changed().get(0);
    assertThat(changed.file()).isEqualTo("p/Woven.class");
    changed.write();
    assertThat(classes.resolve("p/Woven.class")).hasBinaryContent(changed.bytes());
    try (var files = Files.list(classes.resolve("p"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void allFindingsAreCollectedOnceAndInOrderAndNothingIsToBeWritten() throws Exception {
    Path classes =
        JavaFiles.compile(
            folder.resolve("classes"),
            "package p; class E2 {}",
            "package p; class E1 {}",
            "package p; class Woven {}",
            "package p; class X {}");
    Weaving.Outcome outcome = weaving(List.of(classes), List.of()).run();
    assertThat(outcome.diagnostics().stream().map(Diagnostic::toString))
        .containsExactly(
            "p/E1.java:3: error: wrong",
            "p/E1.java:7: warning: odd",
            "p/E2.java:3: error: wrong",
            "p/E2.java:7: warning: odd",
            "p/X.class: error: cannot be woven, which is a bug in Treadle:"
                + " java.lang.IllegalStateException: boom");
    assertThat(outcome.errors()).isEqualTo(3);
    assertThat(outcome.warnings()).isEqualTo(2);
    assertThat(outcome.changed()).isEmpty();
    assertThat(outcome.crashes()).singleElement().asString().contains("boom");
  }

  @Test
  void aWovenClassThatTheJvmRejectsIsAnErrorOnOneLine() throws Exception {
    Path classes =
        JavaFiles.compile(
            folder.resolve("classes"), "package p; class WBroken {}", "package p; class Woven {}");
    Weaving weaving = weaving(List.of(classes), List.of());
    Weaving.Outcome outcome = weaving.run();
    assertThat(outcome.changed()).isEmpty();
    assertThat(outcome.diagnostics()).hasSize(1);
    assertThat(outcome.diagnostics().get(0).toString())
        .startsWith("p/WBroken.class: error: the JVM rejects the woven class")
        .contains("p/WBroken.woven()V")
        .doesNotContain("\n");
    assertThat(weaving.withVerification(false).run().changed()).hasSize(2);
  }

  @Test
  void aWovenClassThatCannotBeVerifiedIsToldAndKept() throws Exception {
    Path classes =
        JavaFiles.compile(
            folder.resolve("classes"),
            "package p; class Base {}",
            "package p; class W extends Base {}");
    Files.delete(classes.resolve("p/Base.class"));
    Weaving.Outcome outcome = weaving(List.of(classes), List.of()).run();
    assertThat(outcome.changed()).hasSize(1);
    assertThat(outcome.unverified()).hasSize(1);
    assertThat(outcome.unverified().get(0)).startsWith("p.W: ").contains("p/Base");
  }

  @Test
  void classesAreFoundInWhatIsWovenThenInTheClassPath() throws Exception {
    Path other = JavaFiles.compile(folder.resolve("other"), "package p; class Other {}");
    Path classes = JavaFiles.compile(folder.resolve("classes"), "package p; class A {}");
    long length = Files.size(other.resolve("p/Other.class"));
    weaving(List.of(classes), List.of(other)).run();
    assertThat(asked).containsExactly("A " + length + " false");
    asked.clear();
    weaving(List.of(classes, other), List.of()).run();
    assertThat(asked).containsExactly("A " + length + " true", "Other " + length + " true");
  }

  @Test
  void filesThatAreNoClassesOrElsewhereAreLeftAlone() throws Exception {
    Path classes =
        JavaFiles.compile(
            folder.resolve("classes"), "package p; class W {}", "package p; class P {}");
    Files.createDirectories(classes.resolve("BOOT-INF"));
    Files.move(classes.resolve("p/W.class"), classes.resolve("BOOT-INF/W.class"));
    Files.writeString(classes.resolve("template.class"), "class ${name} {}");
    Files.writeString(classes.resolve("empty.class"), "");
    Weaving.Outcome outcome = weaving(List.of(classes), List.of()).run();
    assertThat(outcome.classes()).isEqualTo(1);
    assertThat(outcome.diagnostics()).isEmpty();
    assertThat(outcome.misplaced())
        .containsExactly(
            classes.resolve("BOOT-INF/W.class"),
            classes.resolve("empty.class"),
            classes.resolve("template.class"));
  }

  private Path multiRelease() throws Exception {
    Path classes =
        JavaFiles.compile(
            folder.resolve("classes"), "package p; class Other {}", "package p; class W {}");
    Path release = classes.resolve("META-INF/versions/17");
    JavaFiles.compile(release, "package p; class Other { int longer; }", "package p; class W {}");
    return classes;
  }

  @Test
  void eachReleaseOfAMultiReleaseJarSeesItsOwnClasses() throws Exception {
    Path classes = multiRelease();
    long base = Files.size(classes.resolve("p/Other.class"));
    long later = Files.size(classes.resolve("META-INF/versions/17/p/Other.class"));
    Path jar = JavaFiles.jar(folder.resolve("mr.jar"), classes, Map.of("Multi-Release", "true"));
    for (Path root : List.of(classes, jar)) {
      asked.clear();
      Weaving.Outcome outcome = weaving(List.of(root), List.of()).run();
      assertThat(asked)
          .containsExactly(
              "Other " + base + " true",
              "W " + base + " true",
              "Other " + later + " true",
              "W " + later + " true");
      assertThat(outcome.changed().stream().map(Weaving.Changed::file))
          .containsExactly("p/W.class", "META-INF/versions/17/p/W.class");
      assertThat(outcome.unverified()).isEmpty();
    }
  }

  @Test
  void theVersionsInAJarThatIsNotMultiReleaseAreNoClasses() throws Exception {
    Path jar = JavaFiles.jar(folder.resolve("plain.jar"), multiRelease(), Map.of());
    Weaving.Outcome outcome = weaving(List.of(jar), List.of()).run();
    assertThat(outcome.changed().stream().map(Weaving.Changed::file)).containsExactly("p/W.class");
    assertThat(outcome.misplaced()).hasSize(2);
  }

  @Test
  void aWeaverIsMadeForEachSourceAndNotForEachClass() throws Exception {
    Path classes = JavaFiles.compile(folder.resolve("c"), "class A {}", "class B {}");
    List<ClassSource> sources = new ArrayList<>();
    Function<ClassSource, Function<byte[], Result>> counting =
        source -> {
          sources.add(source);
          return bytes -> new Result(bytes, false, List.of());
        };
    Weaving.of(List.of(classes), List.of()).withWeaver(counting).run();
    assertThat(sources).hasSize(1);
  }
}
