package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ARETURN;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.RETURN;
import static org.objectweb.asm.Opcodes.V17;

import io.treadle.weaving.harness.Bytecode;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;

/** Case 30: the limits of frames, of methods and of class files. */
final class LimitsTest {
  private static String each(int count, String separator, IntFunction<String> text) {
    return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining(separator));
  }

  private static Program program(String body) {
    return Program.compile(
        SourceCompiler.JAVAC,
        """
        package demo;
        import io.treadle.Async;
        import io.treadle.weaving.harness.*;
        class Case {
        """
            + body
            + "\n}\n");
  }

  /** All counts of references and of words around the sizes of the runtime's frames. */
  @Test
  void anyNumberOfLiveVariables() {
    StringBuilder methods = new StringBuilder();
    StringBuilder calls = new StringBuilder();
    for (int refs = 0; refs < 11; refs++) {
      for (int words : new int[] {0, 1, 2, 3, 4, 5, 6}) {
        String name = "r" + refs + "w" + words;
        calls.append("s += ").append(name).append("(s.length());\n");
        methods.append("@Async static String ").append(name).append("(int n) {\n");
        for (int i = 0; i < refs; i++) {
          methods.append("String r" + i + " = \"r" + i + "\" + n;\n");
        }
        for (int i = 0; i < words; i++) {
          String type = List.of("int", "long", "float", "double").get((i + words) % 4);
          methods.append(type + " w" + i + " = n + " + i + ";\n");
        }
        methods.append("Points.pause();\n return \"\" + Points.value(1)");
        methods.append(each(refs, "", i -> " + r" + i));
        methods.append(each(words, "", i -> " + w" + i)).append(";\n}\n");
      }
    }
    program("@Async static String run() { String s = \"\";\n" + calls + "return s; }\n" + methods)
        .agree("demo.Case");
  }

  @Test
  void moreThan255SlotsOfLiveVariables() {
    String variables =
        each(150, "\n", i -> "long l" + i + " = n + " + i + "; Object o" + i + " = l" + i + ";");
    String uses = each(150, "\n", i -> "sum += l" + i + " + (Long) o" + i + ";");
    program(
            "@Async static long run() { return many(1) + many(Points.value(2)); }\n"
                + "@Async static long many(int n) {\n"
                + variables
                + "\nPoints.pause(); long sum = 0;\n"
                + uses
                + "\n Points.pause(); return sum + Points.value(l149); }")
        .agree("demo.Case");
  }

  /** With the coroutine there is one argument more. */
  @ParameterizedTest
  @ValueSource(ints = {126, 127})
  void asManyArgumentSlotsAsTheJvmAllows(int longs) {
    String source =
        "@Async static String run() { return many("
            + "Points.value(1L), "
            + each(longs - 1, ", ", i -> i + "L")
            + ", 7); }\n"
            + "@Async static String many("
            + each(longs, ", ", i -> "long p" + i)
            + ", int last) { Points.pause(); return \"\" + p0 + p"
            + (longs - 1)
            + " + last; }";
    Program program = program(source);
    if (longs == 126) {
      program.agree("demo.Case");
    } else { // 255 slots, and the coroutine
      assertThat(program.weave().messages())
          .anySatisfy(m -> assertThat(m).startsWith("demo/Case.java:6: error: ").contains("slots"));
      assertThat(program.weave().classFiles()).isEqualTo(program.classFiles());
    }
  }

  @Test
  void tooManyArgumentSlotsWithTheReceiver() {
    String parameters = each(127, ", ", i -> "long p" + i);
    Program program =
        program(
            "@Async String many("
                + parameters
                + ") { Points.pause(); return \"\" + p0; }\n"
                + "@Async Object empty("
                + parameters
                + ") { return null; }\n"
                + "abstract static class A { @Async abstract int f("
                + parameters
                + "); }");
    assertThat(program.weave().messages())
        .hasSize(3)
        .allSatisfy(m -> assertThat(m).contains(": error: ").contains("slots"));
  }

  // ------------------------------------------------------------------ suspension points

  @Test
  void moreThan127SuspensionPoints() {
    program(
            "@Async static String run() { String s = \"\"; int n = 0;\n"
                + each(300, "\n", i -> "n += Points.value(" + i + "); s += n;")
                + " return s; }")
        .agree("demo.Case");
  }

  @ParameterizedTest
  @ValueSource(ints = {3_000, 21_000})
  void soManySuspensionPointsThatTheWovenBodyIsTooLarge(int points) {
    Program program =
        Bytecode.run(
            code -> {
              Label line = new Label();
              code.visitLabel(line);
              code.visitLineNumber(42, line);
              for (int i = 0; i < points; i++) {
                Bytecode.pause(code);
              }
              code.visitLdcInsn("end");
              code.visitInsn(ARETURN);
            });
    assertThat(program.weave().messages())
        .satisfiesExactly(
            m ->
                assertThat(m)
                    .matches(
                        "demo/Bytecode.class:42: error: .*run.* 65535 bytes of code .*split.*"));
    assertThat(program.weave().classFiles()).isEqualTo(program.classFiles());
  }

  /** A frame describes itself in one constant, which has room for 65535 bytes. */
  @Test
  void namesThatDoNotFitIntoOneConstant() {
    String name = "ñ".repeat(100);
    program(
            "@Async static int run() { int n = 0;\n"
                + each(50, "\n", i -> "int " + name + i + " = Points.value(" + i + ");")
                + each(50, "\n", i -> "n += " + name + i + ";")
                + " return n; }")
        .agree("demo.Case");
  }

  // ------------------------------------------------------------------ sizes

  /** Jumps from one end of the body to the other do not fit into 16 bits. */
  @ParameterizedTest
  @ValueSource(ints = {10_000, 20_000})
  void bodyNear64Kilobytes(int increments) {
    Bytecode.run(
            code -> {
              Label end = new Label();
              Label start = new Label();
              Label handler = new Label();
              Label over = new Label();
              code.visitTryCatchBlock(start, end, handler, "java/lang/IllegalStateException");
              code.visitInsn(ICONST_0);
              code.visitVarInsn(ISTORE, 0);
              code.visitLdcInsn("kept");
              Bytecode.value(code);
              code.visitVarInsn(ASTORE, 1);
              code.visitLabel(start);
              code.visitInsn(ICONST_0);
              Bytecode.point(code, "value", "(I)I");
              code.visitJumpInsn(IFEQ, over);
              code.visitInsn(ICONST_0);
              code.visitVarInsn(ISTORE, 0);
              code.visitLabel(over);
              for (int i = 0; i < increments; i++) {
                code.visitIincInsn(0, 1);
                if (i == increments / 2) {
                  Bytecode.pause(code);
                }
              }
              code.visitVarInsn(ILOAD, 0);
              Bytecode.point(code, "value", "(I)I");
              code.visitMethodInsn(
                  INVOKESTATIC, "java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;", false);
              Bytecode.value(code);
              Bytecode.log(code);
              Bytecode.pause(code);
              code.visitLabel(end);
              code.visitVarInsn(ALOAD, 1);
              Bytecode.value(code);
              code.visitInsn(ARETURN);
              code.visitLabel(handler);
              Bytecode.value(code);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void bodyThatIsTooLargeOnceItIsWoven() {
    Program program =
        Bytecode.method(
            V17,
            ACC_STATIC,
            "()V",
            code -> {
              code.visitInsn(ICONST_0);
              code.visitVarInsn(ISTORE, 0);
              for (int i = 0; i < 21_700; i++) {
                code.visitIincInsn(0, 1);
              }
              for (int i = 0; i < 100; i++) {
                Bytecode.pause(code);
              }
              code.visitInsn(RETURN);
            });
    assertThat(program.weave().messages())
        .satisfiesExactly(
            m ->
                assertThat(m)
                    .matches("demo/Bytecode.class: error: .*run.* 65535 bytes of code .*"));
  }

  @Test
  void classThatHasTooManyConstantsOnceItIsWoven() {
    Program program =
        Bytecode.run(
            code -> {
              Bytecode.pause(code);
              code.visitLdcInsn("end");
              code.visitInsn(ARETURN);
            });
    ClassReader reader = new ClassReader(program.classFiles().get("demo/Bytecode"));
    ClassWriter writer = new ClassWriter(0);
    reader.accept(writer, 0);
    for (int i = 0; i < 65_480 - reader.getItemCount(); i++) {
      writer.visitField(ACC_STATIC, "f" + i, "I", null, null).visitEnd();
    }
    Program large = Program.of(writer.toByteArray());
    assertThat(large.weave().messages())
        .satisfiesExactly(
            m -> assertThat(m).startsWith("demo/Bytecode.class: error: ").contains("constants"));
    assertThat(large.weave().classFiles()).isEqualTo(large.classFiles());
  }
}
