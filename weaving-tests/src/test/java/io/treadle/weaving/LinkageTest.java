package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.continuation.Linkage;
import io.treadle.instrumenter.ClassSource;
import io.treadle.instrumenter.Result;
import io.treadle.instrumenter.Weaver;
import io.treadle.weaving.harness.Outcome;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The tenth guarantee: what woven code links to has a number. */
final class LinkageTest {
  private static final String LIBRARY =
      """
      package lib;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;

      public class Library {
        @Async
        public String virtual(int x) {
          return "virtual" + Points.value(x);
        }

        @Async
        public static String ofClass(int x) throws Exception {
          AsyncCallable<String, Exception> lambda = () -> "lambda" + Points.value(x);
          return lambda.call();
        }
      }
      """;
  private static final String CASE =
      """
      package demo;

      import io.treadle.*;
      import lib.Library;

      public class Case {
        @Async
        static String virtual() {
          return new Library().virtual(1);
        }

        @Async
        static String ofClass() throws Exception {
          return Library.ofClass(2);
        }
      }
      """;

  /** A woven class file as a weaver of a later linkage would have written it. */
  private static byte[] later(byte[] woven, int version) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(woven)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
                AnnotationVisitor next = super.visitAnnotation(descriptor, visible);
                return !descriptor.equals("Lio/treadle/continuation/Woven;")
                    ? next
                    : new AnnotationVisitor(Opcodes.ASM9, next) {
                      @Override
                      public void visit(String name, Object value) {
                        super.visit(name, version);
                      }
                    };
              }

              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String desc, String signature, String[] exceptions) {
                return new MethodVisitor(
                    Opcodes.ASM9, super.visitMethod(access, name, desc, signature, exceptions)) {
                  @Override
                  public void visitInvokeDynamicInsn(
                      String name, String descriptor, Handle bootstrap, Object... arguments) {
                    if (bootstrap.getOwner().equals(Type.getInternalName(Linkage.class))) {
                      arguments[0] = version;
                    }
                    super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
                  }
                };
              }
            },
            0);
    return writer.toByteArray();
  }

  // ------------------------------------------------------------------ at run time

  @ParameterizedTest
  @ValueSource(strings = {"virtual", "ofClass"})
  void newerClassIsRefusedByNameWhenItRuns(String method) {
    Program program = Program.compile(SourceCompiler.JAVAC, LIBRARY, CASE);
    Map<String, byte[]> files = new LinkedHashMap<>(program.weave().classFiles());
    files.computeIfPresent("lib/Library", (name, bytes) -> later(bytes, Linkage.VERSION + 1));
    ClassLoader loader = program.load(new Program.Woven(files, program.weave().diagnostics()));
    Outcome outcome = Program.woven(loader, "demo.Case", method, Schedule.SUSPENDED);
    assertThat(outcome.thrown())
        .contains(
            "UnsupportedClassVersionError",
            "lib.Library was woven for linkage " + (Linkage.VERSION + 1),
            "knows linkages up to " + Linkage.VERSION,
            "use a newer io.treadle:treadle");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void olderClassesAreAccepted(int older) {
    Program program = Program.compile(SourceCompiler.JAVAC, LIBRARY, CASE);
    Map<String, byte[]> files = new LinkedHashMap<>(program.weave().classFiles());
    files.computeIfPresent("lib/Library", (name, bytes) -> later(bytes, Linkage.VERSION - older));
    ClassLoader loader = program.load(new Program.Woven(files, program.weave().diagnostics()));
    assertThat(Program.woven(loader, "demo.Case", "virtual", Schedule.SUSPENDED).returned())
        .isEqualTo("virtual1");
  }

  // ------------------------------------------------------------------ at weave time

  /** A weaver that finds the library in a jar. */
  private static Result weaveAgainst(Program program, byte[] library) {
    ClassSource jar =
        name ->
            name.equals("lib/Library")
                ? new ClassSource.ClassFile(library, "lib-1.2.jar", false)
                : null;
    ClassSource classPath =
        name -> {
          byte[] own = program.classFiles().get(name);
          if (own != null) {
            return new ClassSource.ClassFile(own, "the program", true);
          }
          try (var in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
            return in == null
                ? null
                : new ClassSource.ClassFile(in.readAllBytes(), "the class path", true);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        };
    return Weaver.of(jar.or(classPath)).weave(program.classFiles().get("demo/Case"));
  }

  @Test
  void newerJarIsAnErrorThatNamesIt() {
    Program program = Program.compile(SourceCompiler.JAVAC, LIBRARY, CASE);
    byte[] newer = later(program.weave().classFiles().get("lib/Library"), Linkage.VERSION + 1);
    Result result = weaveAgainst(program, newer);
    assertThat(result.bytes()).isSameAs(program.classFiles().get("demo/Case"));
    assertThat(result.diagnostics()).hasSize(2);
    assertThat(result.diagnostics().get(0).toString())
        .startsWith("demo/Case.java:9: error: Library.virtual(int)")
        .contains("linkage " + (Linkage.VERSION + 1), "lib-1.2.jar", "newer Treadle");
  }

  @Test
  void unwovenJarIsAnErrorThatNamesIt() {
    Program program = Program.compile(SourceCompiler.JAVAC, LIBRARY, CASE);
    Result result = weaveAgainst(program, program.classFiles().get("lib/Library"));
    assertThat(result.bytes()).isSameAs(program.classFiles().get("demo/Case"));
    assertThat(result.diagnostics()).hasSize(2);
    assertThat(result.diagnostics().get(1).toString())
        .startsWith("demo/Case.java:14: error: Library.ofClass(int)")
        .contains("not woven in lib-1.2.jar");
  }

  @Test
  void wovenJarIsNoError() {
    Program program = Program.compile(SourceCompiler.JAVAC, LIBRARY, CASE);
    Result result = weaveAgainst(program, program.weave().classFiles().get("lib/Library"));
    assertThat(result.diagnostics()).isEmpty();
    assertThat(result.bytes()).isEqualTo(program.weave().classFiles().get("demo/Case"));
  }

  /** The number of the weaver and that of the runtime are written down in two places. */
  @Test
  void weaverWritesTheLinkageOfThisRuntime() {
    byte[] woven =
        Program.compile(SourceCompiler.JAVAC, LIBRARY).weave().classFiles().get("lib/Library");
    assertThat(later(woven, Linkage.VERSION)).isEqualTo(later(later(woven, 77), Linkage.VERSION));
    int[] version = new int[1];
    new ClassReader(woven)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
                assertThat(visible).isFalse();
                return new AnnotationVisitor(Opcodes.ASM9) {
                  @Override
                  public void visit(String name, Object value) {
                    version[0] = (Integer) value;
                  }
                };
              }
            },
            0);
    assertThat(version[0]).isEqualTo(Linkage.VERSION);
  }

  /** Woven code of other class loaders links to the public names of one exported package only. */
  @Test
  void wovenCodeLinksToOnePackage() {
    byte[] woven =
        Program.compile(SourceCompiler.JAVAC, LIBRARY).weave().classFiles().get("lib/Library");
    String text = new String(woven, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(text.replaceAll("io/treadle/(continuation|weaving/harness)/", ""))
        .doesNotContainPattern("io/treadle/[a-z]");
  }
}
