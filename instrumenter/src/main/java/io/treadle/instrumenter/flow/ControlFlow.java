package io.treadle.instrumenter.flow;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** Where control can go from each instruction: to which others, and to which exception handlers. */
public final class ControlFlow {
  private final int[][] successors;
  private final List<List<TryCatchBlockNode>> handlers;
  private final InsnList code;

  public ControlFlow(MethodNode method) {
    code = method.instructions;
    int size = code.size();
    successors = new int[size][];
    handlers = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      successors[i] = successors(code.get(i), i, size);
      handlers.add(List.of());
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      int end = code.indexOf(block.end);
      for (int i = code.indexOf(block.start); i < end; i++) {
        List<TryCatchBlockNode> own = new ArrayList<>(handlers.get(i));
        own.add(block);
        handlers.set(i, own);
      }
    }
  }

  private int[] successors(AbstractInsnNode insn, int index, int size) {
    List<LabelNode> targets = new ArrayList<>();
    if (insn instanceof JumpInsnNode jump) {
      targets.add(jump.label);
    } else if (insn instanceof TableSwitchInsnNode table) {
      targets.addAll(table.labels);
      targets.add(table.dflt);
    } else if (insn instanceof LookupSwitchInsnNode lookup) {
      targets.addAll(lookup.labels);
      targets.add(lookup.dflt);
    }
    boolean fallsThrough = !TypeFlow.endsPath(insn.getOpcode()) && index + 1 < size;
    int[] found = new int[targets.size() + (fallsThrough ? 1 : 0)];
    for (int i = 0; i < targets.size(); i++) {
      found[i] = code.indexOf(targets.get(i));
    }
    if (fallsThrough) {
      found[targets.size()] = index + 1;
    }
    return found;
  }

  /** The instructions that may run next, unless this one throws. */
  public int[] successors(int index) {
    return successors[index];
  }

  /** The handlers that cover an instruction, in the order of the table. */
  public List<TryCatchBlockNode> handlers(int index) {
    return handlers.get(index);
  }

  public int indexOf(LabelNode label) {
    return code.indexOf(label);
  }
}
