package io.treadle.instrumenter.flow;

import java.util.BitSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Which local variables are live before each instruction: may be read before they are written.
 *
 * <p>The backward data-flow analysis of the textbooks, with one thing to note: what is live at an
 * exception handler is live before every instruction that the handler covers, even one that writes
 * the variable, since the write may not have happened yet.
 */
public final class Liveness {
  private final BitSet[] before;
  private final ControlFlow flow;

  private Liveness(BitSet[] before, ControlFlow flow) {
    this.before = before;
    this.flow = flow;
  }

  public static Liveness of(MethodNode method, ControlFlow flow) {
    int size = method.instructions.size();
    BitSet[] before = new BitSet[size];
    for (int i = 0; i < size; i++) {
      before[i] = new BitSet();
    }
    Liveness liveness = new Liveness(before, flow);
    AbstractInsnNode[] code = method.instructions.toArray();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = size - 1; i >= 0; i--) {
        BitSet live = liveness.after(i);
        transfer(code[i], live);
        liveness.addHandlers(i, live);
        if (!live.equals(before[i])) {
          before[i] = live;
          changed = true;
        }
      }
    }
    return liveness;
  }

  private static void transfer(AbstractInsnNode insn, BitSet live) {
    if (insn instanceof VarInsnNode access) {
      boolean reads = access.getOpcode() < Opcodes.ISTORE || access.getOpcode() == Opcodes.RET;
      live.set(access.var, reads);
    } else if (insn instanceof IincInsnNode increment) {
      live.set(increment.var);
    }
  }

  private void addHandlers(int index, BitSet live) {
    for (TryCatchBlockNode block : flow.handlers(index)) {
      live.or(before[flow.indexOf(block.handler)]);
    }
  }

  private BitSet after(int index) {
    BitSet live = new BitSet();
    for (int next : flow.successors(index)) {
      live.or(before[next]);
    }
    return live;
  }

  /** What is live before an instruction. */
  public BitSet before(int index) {
    return before[index];
  }

  /** What a call has to preserve: what is live after it, whether it returns or throws. */
  public BitSet across(int index) {
    BitSet live = after(index);
    addHandlers(index, live);
    return live;
  }
}
