package io.treadle.instrumenter.weave;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Describes code as text: equal for equal code, whatever its lines and debug information. */
final class Instructions {
  private Instructions() {}

  static void describe(MethodNode method, Consumer<String> sink) {
    Map<AbstractInsnNode, Integer> labels = new IdentityHashMap<>();
    int next = 0;
    for (AbstractInsnNode insn : method.instructions) {
      if (insn.getOpcode() >= 0) {
        next++;
      } else if (insn instanceof LabelNode) {
        labels.put(insn, next);
      }
    }
    for (AbstractInsnNode insn : method.instructions) {
      if (insn.getOpcode() >= 0) {
        sink.accept(insn.getOpcode() + " " + operands(insn, labels) + "\n");
      }
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      sink.accept(
          labels.get(block.start)
              + " "
              + labels.get(block.end)
              + " "
              + labels.get(block.handler)
              + " "
              + block.type
              + "\n");
    }
  }

  private static String operands(AbstractInsnNode insn, Map<AbstractInsnNode, Integer> labels) {
    if (insn instanceof VarInsnNode i) {
      return "" + i.var;
    } else if (insn instanceof MethodInsnNode i) {
      return i.owner + "." + i.name + i.desc;
    } else if (insn instanceof FieldInsnNode i) {
      return i.owner + "." + i.name + i.desc;
    } else if (insn instanceof TypeInsnNode i) {
      return i.desc;
    } else if (insn instanceof IntInsnNode i) {
      return "" + i.operand;
    } else if (insn instanceof LdcInsnNode i) {
      return i.cst.getClass().getSimpleName() + i.cst;
    } else if (insn instanceof IincInsnNode i) {
      return i.var + " " + i.incr;
    } else if (insn instanceof JumpInsnNode i) {
      return "" + labels.get(i.label);
    } else if (insn instanceof InvokeDynamicInsnNode i) {
      return i.name + i.desc + i.bsm + Arrays.toString(i.bsmArgs);
    } else if (insn instanceof TableSwitchInsnNode i) {
      return i.min + " " + i.max + i.labels.stream().map(labels::get).toList() + labels.get(i.dflt);
    } else if (insn instanceof LookupSwitchInsnNode i) {
      return i.keys + " " + i.labels.stream().map(labels::get).toList() + labels.get(i.dflt);
    } else if (insn instanceof MultiANewArrayInsnNode i) {
      return i.desc + i.dims;
    }
    return "";
  }
}
