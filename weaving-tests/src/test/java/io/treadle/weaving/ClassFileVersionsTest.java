package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Result;
import io.treadle.weaving.harness.Bytecode;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Cases 65 and 72: compilers, their options, and class files from Java 5 to the future. */
final class ClassFileVersionsTest {
  /** Java 8, without lambdas. */
  private static final String OLD =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;

      public class Case {
        static Class<?> literal = String.class;
        int k = 1;

        interface Left {
          @Async
          String f(int x) throws Exception;
        }

        interface Right {
          @Async
          String f(int x) throws Exception;
        }

        interface Both extends Left, Right {}

        abstract static class Base implements Both {
          @Async
          protected abstract Object make(String s) throws Exception;
        }

        static class Impl extends Base {
          int k;

          @Async
          private int hidden(int x) {
            return Points.value(x);
          }

          @Async
          public String f(int x) throws Exception {
            return "f" + hidden(x) + make("zz");
          }

          @Async
          protected Object make(final String s) throws Exception {
            Object o = new String("a" + Points.value(s));
            Number n = s.length() > 5 ? (Number) Integer.valueOf(3) : (Number) Float.valueOf(2);
            try {
              Points.pause();
              if (s.length() > 1) {
                throw new Exception("x");
              }
            } catch (Exception e) {
              Points.pause();
              o = o + e.getMessage();
            } finally {
              Points.pause();
              k++;
            }
            Object inner =
                new Object() {
                  @Async
                  String call() throws Exception {
                    return s + hidden(Points.value(3));
                  }
                }.call();
            return o + "" + k + n + inner;
          }
        }

        @Async
        static String run() throws Exception {
          Left left = new Impl();
          Right right = new Impl();
          AsyncCallable<Object, Exception> anonymous =
              new AsyncCallable<Object, Exception>() {
                @Async
                public Object call() throws Exception {
                  Points.pause();
                  return new Impl().make("y");
                }
              };
          return left.f(3) + right.f(3) + anonymous.call() + ((Base) left).make("w")
              + ((Both) left).f(4);
        }
      }
      """;

  /** The same, with lambdas. */
  private static final String NEWER =
      OLD.replace(
          "return left.f(3)",
          """
          String captured = Points.value("c");
          AsyncCallable<String, Exception> lambda = () -> captured + Points.value("l");
          AsyncFunction<Integer, String, Exception> reference = left::f;
          return lambda.call() + reference.apply(1) + left.f(3)\
          """);

  // ------------------------------------------------------------------ 65

  static IntStream releases() {
    return IntStream.rangeClosed(8, Runtime.version().feature());
  }

  @ParameterizedTest
  @MethodSource("releases")
  void classFilesOfEachRelease(int release) {
    Program program =
        Program.compile(
            SourceCompiler.JAVAC,
            List.of("--release", Integer.toString(release), "-Xlint:-options"),
            NEWER);
    assertThat(program.classFiles().get("demo/Case")[7]).isEqualTo((byte) (44 + release));
    assertThat(program.agree("demo.Case").thrown()).isNull();
  }

  static Stream<List<String>> options() {
    return Stream.of(
        List.of("-g"),
        List.of("-g:none"),
        List.of("-g:lines"),
        List.of("-g:source"),
        List.of("-g:vars"),
        List.of("-parameters"),
        List.of("-g:none", "-parameters"));
  }

  @ParameterizedTest
  @MethodSource("options")
  void debugInformationOfBothCompilers(List<String> options) {
    for (SourceCompiler compiler : SourceCompiler.values()) {
      assertThat(Program.compile(compiler, options, NEWER).agree("demo.Case").thrown()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XDlambdaToMethod", "-XDstringConcat=inline", "-XDstringConcat=indy"})
  void othersOptionsOfJavac(String option) {
    assertThat(
            Program.compile(SourceCompiler.JAVAC, List.of(option), NEWER)
                .agree("demo.Case")
                .thrown())
        .isNull();
  }

  // ------------------------------------------------------------------ 72

  /** The class files of a program in another version. Old ones have no stack maps. */
  private static Program inVersion(Program program, int version) {
    Map<String, byte[]> files = new LinkedHashMap<>(program.classFiles());
    files.replaceAll(
        (name, bytes) -> {
          ClassWriter writer = new ClassWriter(0);
          new ClassReader(bytes)
              .accept(
                  new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visit(
                        int v, int access, String n, String sig, String parent, String[] parents) {
                      super.visit(version, access, n, sig, parent, parents);
                    }
                  },
                  version < Opcodes.V1_6 ? ClassReader.SKIP_FRAMES : 0);
          return writer.toByteArray();
        });
    return Program.of(files);
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.V1_5, Opcodes.V1_6, Opcodes.V1_7, Opcodes.V1_8})
  void classFilesFromBeforeJava8(int version) {
    Program program =
        Program.compile(SourceCompiler.JAVAC, List.of("--release", "8", "-Xlint:-options"), OLD);
    assertThat(inVersion(program, version).agree("demo.Case"))
        .isEqualTo(program.plain("demo.Case", "run"));
  }

  /** An interface of Java 5 without async methods of its own, between two that have them. */
  @Test
  void oldInterfaceThatInheritsTwoTwins() {
    Program program =
        Program.compile(SourceCompiler.JAVAC, List.of("--release", "8", "-Xlint:-options"), OLD);
    Map<String, byte[]> files = new LinkedHashMap<>(program.classFiles());
    files.put(
        "demo/Case$Both", inVersion(program, Opcodes.V1_5).classFiles().get("demo/Case$Both"));
    assertThat(Program.of(files).agree("demo.Case")).isEqualTo(program.plain("demo.Case", "run"));
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.V1_5, Opcodes.V1_6})
  void subroutinesAreRefused(int version) {
    Program program = subroutine(version);
    assertThat(program.plain(Bytecode.NAME, "run").returned()).isEqualTo("x");
    assertThat(program.weave().messages())
        .singleElement()
        .asString()
        .startsWith("demo/Bytecode.class: error: ")
        .contains("JSR", "Java 7");
    assertThat(program.weave().classFiles()).isEqualTo(program.weave().classFiles());
  }

  private static Program subroutine(int version) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(version, Opcodes.ACC_PUBLIC, "demo/Bytecode", null, "java/lang/Object", null);
    var run = writer.visitMethod(Opcodes.ACC_STATIC, "run", "()Ljava/lang/Object;", null, null);
    run.visitAnnotation("Lio/treadle/Async;", true).visitEnd();
    run.visitCode();
    Label routine = new Label();
    run.visitJumpInsn(Opcodes.JSR, routine);
    run.visitLdcInsn("x");
    run.visitInsn(Opcodes.ARETURN);
    run.visitLabel(routine);
    run.visitVarInsn(Opcodes.ASTORE, 0);
    run.visitVarInsn(Opcodes.RET, 0);
    run.visitMaxs(0, 0);
    run.visitEnd();
    writer.visitEnd();
    return Program.of(writer.toByteArray());
  }

  /** As a compiler of the future writes it: the JVM has to decide, the weaver must not fail. */
  private static byte[] ofTheFuture(byte[] classFile) {
    byte[] patched = classFile.clone();
    patched[6] = 0;
    patched[7] = (byte) 200;
    return patched;
  }

  @Test
  void newerClassFileIsAnErrorIfItIsAsync() {
    byte[] file = Program.compile(SourceCompiler.JAVAC, OLD).classFiles().get("demo/Case");
    Result result = Program.weaver(Map.of()).weave(ofTheFuture(file));
    assertThat(result.bytes()).isEqualTo(ofTheFuture(file));
    assertThat(result.diagnostics())
        .singleElement()
        .asString()
        .contains("error", "version 200", "newer than this weaver", "newer Treadle");
  }

  @Test
  void newerClassFileIsLeftAloneIfItIsNot() {
    byte[] file = Program.compile(SourceCompiler.JAVAC, "class Plain {}").classFiles().get("Plain");
    Result result = Program.weaver(Map.of()).weave(ofTheFuture(file));
    assertThat(result.bytes()).isEqualTo(ofTheFuture(file));
    assertThat(result.diagnostics()).isEmpty();
  }

  /** Those of a newer JDK, say: only their names matter. */
  @ParameterizedTest
  @EnumSource
  void newerClassesMayBeCalledAndInherited(SourceCompiler compiler) {
    Program program = Program.compile(compiler, NEWER);
    Map<String, byte[]> others = new LinkedHashMap<>(program.classFiles());
    others.replaceAll((name, bytes) -> name.endsWith("Case") ? bytes : ofTheFuture(bytes));
    assertThat(Program.weaver(others).weave(others.get("demo/Case")).bytes())
        .isEqualTo(program.weave().classFiles().get("demo/Case"));
  }

  @Test
  void damagedClassOnTheClassPathIsAnAbsentOne() {
    Program program =
        Program.compile(
            SourceCompiler.JAVAC,
            "package demo; public class Damaged {}",
            """
            package demo;

            import io.treadle.*;
            import io.treadle.weaving.harness.Points;

            class Case {
              @Async
              static String run() {
                Damaged none = null;
                Points.pause();
                return "" + none;
              }
            }
            """);
    Map<String, byte[]> files = new LinkedHashMap<>(program.classFiles());
    files.put("demo/Damaged", new byte[] {(byte) 0xCA, (byte) 0xFE});
    Result result = Program.weaver(files).weave(files.get("demo/Case"));
    assertThat(result.diagnostics()).isEmpty();
    assertThat(result.woven()).isTrue();
  }

  /** A class named like the twin's parameter type, and methods that take the coroutine. */
  @ParameterizedTest
  @EnumSource
  void methodThatTheUserDeclaredWithTheNameOfTheTwin(SourceCompiler compiler) {
    Program program =
        Program.compile(
            compiler,
            """
            package demo;

            import io.treadle.*;
            import io.treadle.continuation.Coroutine;
            import io.treadle.weaving.harness.Points;

            public class Case {
              @Async
              String f(int x) {
                return "f" + Points.value(x);
              }

              String f(int x, Coroutine c) {
                return "mine";
              }
            }
            """);
    assertThat(program.weave().messages())
        .singleElement()
        .asString()
        .startsWith("demo/Case.java:")
        .contains("error", "f(int");
    assertThat(program.weave().classFiles().get("demo/Case"))
        .isEqualTo(program.classFiles().get("demo/Case"));
  }

  @Test
  void junkIsNotAClassFile() {
    for (byte[] junk : List.of(new byte[0], new byte[] {1, 2, 3}, new byte[100])) {
      Result result = Program.weaver(Map.of()).weave(junk);
      assertThat(result.bytes()).isSameAs(junk);
      assertThat(result.woven()).isFalse();
    }
    byte[] cut = Program.compile(SourceCompiler.JAVAC, OLD).classFiles().get("demo/Case");
    byte[] half = Arrays.copyOf(cut, cut.length / 2);
    assertThat(Program.weaver(Map.of()).weave(half).hasErrors()).isTrue();
  }

  @Test
  void oldClassFileThatIsCalledFromANewOne() {
    Program old =
        inVersion(
            Program.compile(
                SourceCompiler.JAVAC, List.of("--release", "8", "-Xlint:-options"), OLD),
            Opcodes.V1_5);
    Program caller =
        Program.compile(
            SourceCompiler.JAVAC,
            """
            package user;

            import io.treadle.*;
            import io.treadle.weaving.harness.Points;

            class Case {
              interface Left {
                @Async
                String f(int x) throws Exception;
              }

              @Async
              static String run() throws Exception {
                Left left = x -> "left" + Points.value(x);
                return left.f(1);
              }
            }
            """);
    Program both = old.and(caller);
    assertThat(both.woven("user.Case", "run", Schedule.SUSPENDED).returned()).isEqualTo("left1");
    assertThat(both.agree("demo.Case").thrown()).isNull();
  }
}
