package io.treadle.weaving;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ARETURN;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.DUP;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.ICONST_3;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.IF_ICMPLT;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.NEW;
import static org.objectweb.asm.Opcodes.POP;

import io.treadle.weaving.harness.Bytecode;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Cases 32 to 39 that need bytecode: what the tables of handlers allow and compilers never write.
 */
final class ControlFlowInBytecodeTest {
  private static final String STATE = "java/lang/IllegalStateException";

  /** Calls a suspension point that throws. */
  private static void failing(MethodVisitor code, String message) {
    code.visitTypeInsn(NEW, STATE);
    code.visitInsn(DUP);
    code.visitLdcInsn(message);
    Bytecode.init(code, STATE, "(Ljava/lang/String;)V");
    Bytecode.point(code, "failing", "(Ljava/lang/Throwable;)Ljava/lang/Object;");
  }

  /** The failure on the stack becomes its message. */
  private static void message(MethodVisitor code) {
    code.visitMethodInsn(
        INVOKEVIRTUAL, "java/lang/Throwable", "getMessage", "()Ljava/lang/String;", false);
  }

  // ------------------------------------------------------------------ 32

  @Test
  void backEdgeToOffsetZeroAndNothingAfterTheLoop() {
    Bytecode.run(
            code -> {
              Label loop = new Label();
              code.visitLabel(loop);
              failing(code, "out"); // a method whose last instruction jumps
              code.visitInsn(POP);
              code.visitJumpInsn(GOTO, loop);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void callAsTheVeryFirstInstructionIsTheHeadOfTheLoop() {
    Bytecode.run(
            code -> {
              Label loop = new Label();
              Label start = new Label();
              Label handler = new Label();
              code.visitTryCatchBlock(start, handler, handler, STATE);
              code.visitInsn(ICONST_0);
              code.visitVarInsn(ISTORE, 0);
              code.visitLabel(start);
              code.visitLabel(loop);
              Bytecode.pause(code);
              code.visitIincInsn(0, 1);
              code.visitVarInsn(ILOAD, 0);
              code.visitInsn(ICONST_3);
              code.visitJumpInsn(IF_ICMPLT, loop);
              failing(code, "end");
              code.visitInsn(ARETURN);
              code.visitLabel(handler);
              message(code);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  // ------------------------------------------------------------------ 34

  @Test
  void rangeThatContainsNothingButTheCall() {
    Bytecode.run(
            code -> {
              Label start = new Label();
              Label end = new Label();
              Label handler = new Label();
              Label join = new Label();
              code.visitTryCatchBlock(start, end, handler, null);
              code.visitTypeInsn(NEW, STATE);
              code.visitInsn(DUP);
              code.visitLdcInsn("caught");
              Bytecode.init(code, STATE, "(Ljava/lang/String;)V");
              code.visitLabel(start);
              Bytecode.point(code, "failing", "(Ljava/lang/Throwable;)Ljava/lang/Object;");
              code.visitLabel(end);
              code.visitJumpInsn(GOTO, join);
              code.visitLabel(handler);
              message(code);
              code.visitLabel(join);
              Bytecode.value(code);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  // ------------------------------------------------------------------ 38

  /** Two ranges that overlap and do not nest; between them the order of the table decides. */
  @Test
  void overlappingRangesAndTheOrderOfTheTable() {
    for (int failAt = 0; failAt < 3; failAt++) {
      for (boolean swapped : new boolean[] {false, true}) {
        int at = failAt;
        Bytecode.run(code -> overlapping(code, at, swapped)).agree(Bytecode.NAME);
      }
    }
  }

  private static void overlapping(MethodVisitor code, int failAt, boolean swapped) {
    Label[] marks = {new Label(), new Label(), new Label(), new Label()};
    Label one = new Label();
    Label two = new Label();
    Label same = new Label();
    if (swapped) {
      code.visitTryCatchBlock(marks[1], marks[3], two, STATE);
    }
    code.visitTryCatchBlock(marks[0], marks[2], one, STATE);
    if (!swapped) {
      code.visitTryCatchBlock(marks[1], marks[3], two, null);
    }
    code.visitTryCatchBlock(marks[0], marks[3], same, "java/lang/Throwable");
    for (int i = 0; i < 3; i++) {
      code.visitLabel(marks[i]);
      if (i == failAt) {
        failing(code, "at" + i);
        code.visitInsn(POP);
      } else {
        Bytecode.pause(code);
      }
    }
    code.visitLabel(marks[3]);
    code.visitLdcInsn("none");
    code.visitInsn(ARETURN);
    Label[] handlers = {one, two, same};
    for (int i = 0; i < 3; i++) {
      code.visitLabel(handlers[i]);
      message(code);
      Bytecode.value(code);
      Bytecode.log(code);
      code.visitLdcInsn("handler" + i);
      code.visitInsn(ARETURN);
    }
  }

  /** A handler that covers itself, as compilers write for {@code finally} and monitors. */
  @Test
  void handlerThatCoversItself() {
    Bytecode.run(
            code -> {
              Label start = new Label();
              Label handler = new Label();
              Label end = new Label();
              Label out = new Label();
              code.visitTryCatchBlock(start, end, handler, null);
              code.visitInsn(ICONST_0);
              code.visitVarInsn(ISTORE, 0);
              code.visitLabel(start);
              failing(code, "first");
              code.visitInsn(ARETURN);
              code.visitLabel(handler);
              code.visitVarInsn(ASTORE, 1);
              code.visitIincInsn(0, 1);
              code.visitVarInsn(ILOAD, 0);
              Bytecode.point(code, "value", "(I)I");
              code.visitInsn(ICONST_3);
              Label again = new Label();
              code.visitJumpInsn(IF_ICMPLT, again);
              code.visitJumpInsn(GOTO, out);
              code.visitLabel(again);
              failing(code, "again"); // caught by the same handler
              code.visitInsn(ARETURN);
              code.visitLabel(end);
              code.visitLabel(out);
              code.visitVarInsn(ALOAD, 1);
              message(code);
              Bytecode.value(code);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  /** The handler is in front of what it covers: the jump to it goes back. */
  @Test
  void handlerBeforeItsRange() {
    Bytecode.run(
            code -> {
              Label body = new Label();
              Label handler = new Label();
              Label end = new Label();
              code.visitTryCatchBlock(body, end, handler, STATE);
              code.visitJumpInsn(GOTO, body);
              code.visitLabel(handler);
              message(code);
              Bytecode.value(code);
              code.visitInsn(ARETURN);
              code.visitLabel(body);
              Bytecode.pause(code);
              failing(code, "back");
              code.visitInsn(ARETURN);
              code.visitLabel(end);
            })
        .agree(Bytecode.NAME);
  }

  /** Code inside the range is also reached by a jump over its start. */
  @Test
  void jumpIntoTheMiddleOfARange() {
    for (boolean jumps : new boolean[] {true, false}) {
      Bytecode.run(
              code -> {
                Label start = new Label();
                Label middle = new Label();
                Label end = new Label();
                Label handler = new Label();
                code.visitTryCatchBlock(start, end, handler, STATE);
                code.visitInsn(jumps ? ICONST_0 : ICONST_3);
                code.visitJumpInsn(IFEQ, middle);
                code.visitLabel(start);
                Bytecode.pause(code);
                code.visitLabel(middle);
                Bytecode.pause(code);
                failing(code, "caught");
                code.visitInsn(ARETURN);
                code.visitLabel(end);
                code.visitLabel(handler);
                message(code);
                Bytecode.value(code);
                code.visitInsn(ARETURN);
              })
          .agree(Bytecode.NAME);
    }
  }

  /** The variable has one type in the range and another at the handler's entry. */
  @Test
  void handlerThatReadsAVariableWhoseTypeChangesInItsRange() {
    Bytecode.run(
            code -> {
              Label start = new Label();
              Label end = new Label();
              Label handler = new Label();
              code.visitTryCatchBlock(start, end, handler, STATE);
              code.visitLdcInsn("string");
              code.visitVarInsn(ASTORE, 0);
              code.visitLabel(start);
              Bytecode.pause(code);
              code.visitTypeInsn(NEW, "java/lang/StringBuilder");
              code.visitInsn(DUP);
              code.visitLdcInsn("builder");
              Bytecode.init(code, "java/lang/StringBuilder", "(Ljava/lang/String;)V");
              code.visitVarInsn(ASTORE, 0);
              Bytecode.pause(code);
              failing(code, "caught");
              code.visitInsn(ARETURN);
              code.visitLabel(end);
              code.visitLabel(handler);
              code.visitInsn(POP);
              code.visitVarInsn(ALOAD, 0);
              Bytecode.value(code);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }
}
