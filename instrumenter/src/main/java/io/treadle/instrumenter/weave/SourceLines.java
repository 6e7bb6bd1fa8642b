package io.treadle.instrumenter.weave;

import java.util.function.ObjIntConsumer;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** The lines of the source that a method's instructions come from. */
final class SourceLines {
  private SourceLines() {}

  /** Shows every instruction with its line; 0 where the class file does not say it. */
  static void walk(MethodNode method, ObjIntConsumer<AbstractInsnNode> visitor) {
    int line = 0;
    for (AbstractInsnNode insn : method.instructions) {
      line = insn instanceof LineNumberNode number ? number.line : line;
      visitor.accept(insn, line);
    }
  }

  /** The line of the first instruction; 0 if unknown. */
  static int first(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof LineNumberNode number) {
        return number.line;
      }
    }
    return 0;
  }
}
