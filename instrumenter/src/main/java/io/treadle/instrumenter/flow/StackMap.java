package io.treadle.instrumenter.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;

/** Builds the stack map entries of class files from types by slot. */
public final class StackMap {
  private VerificationType[] locals = new VerificationType[0];
  private final List<VerificationType> stack = new ArrayList<>();

  public StackMap local(int index, VerificationType type) {
    if (index >= locals.length) {
      int old = locals.length;
      locals = Arrays.copyOf(locals, index + 1);
      Arrays.fill(locals, old, locals.length, VerificationType.TOP);
    }
    locals[index] = type;
    return this;
  }

  public StackMap push(VerificationType type) {
    stack.add(type);
    return this;
  }

  public FrameNode node() {
    List<Object> entries = new ArrayList<>();
    for (int i = 0; i < locals.length; i++) {
      entries.add(entry(locals[i]));
      if (locals[i].getSize() == 2) {
        i++;
      }
    }
    Object[] operands = stack.stream().map(StackMap::entry).toArray();
    return new FrameNode(
        Opcodes.F_NEW, entries.size(), entries.toArray(), operands.length, operands);
  }

  private static Object entry(VerificationType type) {
    return switch (type.kind()) {
      case TOP -> Opcodes.TOP;
      case INT -> Opcodes.INTEGER;
      case FLOAT -> Opcodes.FLOAT;
      case LONG -> Opcodes.LONG;
      case DOUBLE -> Opcodes.DOUBLE;
      case NULL -> Opcodes.NULL;
      case UNINITIALIZED_THIS -> Opcodes.UNINITIALIZED_THIS;
      case UNINITIALIZED -> label(type.site());
      case OBJECT -> type.name();
    };
  }

  /** A label at the NEW; frames that were read have one there. */
  private static LabelNode label(AbstractInsnNode site) {
    AbstractInsnNode before = site.getPrevious();
    while (before != null && before.getOpcode() < 0) {
      if (before instanceof LabelNode label) {
        return label;
      }
      before = before.getPrevious();
    }
    throw new IllegalStateException("no label at NEW");
  }
}
