package io.treadle.instrumenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Verifier.Status;
import io.treadle.instrumenter.Verifier.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class VerifierTest {
  @TempDir Path folder;
  private final Map<String, byte[]> classes = new HashMap<>();

  private Verdict verify(String name) {
    return Verifier.of(
            asked -> {
              byte[] bytes = classes.get(asked);
              return bytes == null ? null : new ClassSource.ClassFile(bytes, "test", true);
            })
        .verify(name);
  }

  @BeforeEach
  void compile() throws Exception {
    JavaFiles.compile(
        folder,
        """
        package p;
        public class Good implements Face {
          static { System.setProperty("treadle.test.initialised", "true"); }
          int f() { return 1; }
        }
        """,
        "package p; public interface Face { default int g() { return 2; } }",
        "package p; public class Sub extends Good {}",
        "package p; class Other { Good good; Object o() { return new Sub(); } }",
        "package p; public final class Args { public Args(Good g) {} public Sub s; public Face f() { return null; } }",
        "package p; class Joins { static Face j(boolean b) { return b ? new Good() : new Sub(); } }",
        "package p; class Needs { Good n() { return new Sub(); } }",
        "package p; record Point(int x, int y) {}",
        "package p; sealed interface Shape permits Circle {}",
        "package p; final class Circle implements Shape {}",
        "package p; class Sql { java.sql.Driver d; com.sun.tools.javac.Main m; }");
    for (Path file : Files.list(folder.resolve("p")).toList()) {
      String name = file.getFileName().toString().replace(".class", "");
      classes.put("p/" + name, Files.readAllBytes(file));
    }
  }

  /** Makes the class return nothing where it should return an int. */
  private void breakMethod(String name, String method) {
    edit(
        name,
        writer ->
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String signature, String[] thrown) {
                MethodVisitor visitor =
                    super.visitMethod(access, name, descriptor, signature, thrown);
                return !name.equals(method)
                    ? visitor
                    : new MethodVisitor(Opcodes.ASM9, visitor) {
                      @Override
                      public void visitInsn(int opcode) {
                        super.visitInsn(opcode == Opcodes.IRETURN ? Opcodes.RETURN : opcode);
                      }
                    };
              }
            });
  }

  private void edit(String name, UnaryOperator<ClassVisitor> edit) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classes.get(name)).accept(edit.apply(writer), 0);
    classes.put(name, writer.toByteArray());
  }

  @Test
  void goodClassesAreVerified() {
    for (String name : List.copyOf(classes.keySet())) {
      assertThat(verify(name)).as(name).isEqualTo(Verdict.VERIFIED);
    }
  }

  @Test
  void nothingIsInitialised() {
    System.clearProperty("treadle.test.initialised");
    verify("p/Good");
    verify("p/Sub");
    assertThat(System.getProperty("treadle.test.initialised")).isNull();
  }

  @Test
  void aBadClassFailsWithTheReasonOfTheJvm() {
    breakMethod("p/Good", "f");
    Verdict verdict = verify("p/Good");
    assertThat(verdict.status()).isEqualTo(Status.FAILED);
    assertThat(verdict.reason()).contains("p/Good.f()I");
  }

  @Test
  void aBadDefaultMethodFails() {
    breakMethod("p/Face", "g");
    assertThat(verify("p/Face").status()).isEqualTo(Status.FAILED);
  }

  @Test
  void whatIsNoClassFileFails() {
    classes.put("p/Good", new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertThat(verify("p/Good").status()).isEqualTo(Status.FAILED);
  }

  @Test
  void anErrorIsPutDownToItsOwnClass() {
    breakMethod("p/Good", "f");
    Verdict sub = verify("p/Sub");
    assertThat(sub.status()).isEqualTo(Status.UNVERIFIED);
    assertThat(sub.reason()).contains("p.Good failed");
    assertThat(verify("p/Face")).isEqualTo(Verdict.VERIFIED);

    classes.put("p/Good", new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertThat(verify("p/Sub").status()).isEqualTo(Status.UNVERIFIED);
    assertThat(verify("p/Needs").status()).isEqualTo(Status.UNVERIFIED);
  }

  @Test
  void whereAnAbsentClassIsNeededTheAnswerIsOpen() {
    classes.remove("p/Good");
    assertThat(verify("p/Sub").status()).isEqualTo(Status.UNVERIFIED);
    assertThat(verify("p/Sub").reason()).contains("p/Good");
    assertThat(verify("p/Needs").status()).isEqualTo(Status.UNVERIFIED);
    assertThat(verify("p/Missing").status()).isEqualTo(Status.UNVERIFIED);
  }

  @Test
  void whereAnAbsentClassDoesNotMatterTheClassIsVerified() {
    classes.remove("p/Sub");
    assertThat(verify("p/Other")).isEqualTo(Verdict.VERIFIED);
    classes.remove("p/Good");
    assertThat(verify("p/Args")).isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void aClassForALaterJvmIsLeftOpen() {
    byte[] later = classes.get("p/Good");
    later[7] = (byte) 250;
    assertThat(verify("p/Good").status()).isEqualTo(Status.UNVERIFIED);
    assertThat(verify("p/Sub").status()).isEqualTo(Status.UNVERIFIED);
  }

  @Test
  void theSourceIsNotAskedForTheJdk() {
    Verifier verifier =
        Verifier.of(
            name -> {
              assertThat(name).startsWith("p/");
              byte[] bytes = classes.get(name);
              return bytes == null ? null : new ClassSource.ClassFile(bytes, "test", true);
            });
    assertThat(verifier.verify("p/Sql")).isEqualTo(Verdict.VERIFIED);
  }
}
