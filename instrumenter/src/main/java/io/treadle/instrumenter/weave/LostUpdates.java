package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.flow.TypeFlow;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * Warns of {@code x += f()} where {@code x} is a field and {@code f} may suspend: {@code x} is read
 * before, written after, and what other tasks write in between is lost.
 *
 * <p>In the code, a read leaves a value on the stack. It, or what is computed from it, stays there
 * during the call, and a write of the same field takes it from there.
 */
final class LostUpdates {
  private final Subject subject;
  private final MethodNode method;
  private final AbstractInsnNode[] code;
  private final TypeFlow types;

  private LostUpdates(Subject subject, MethodNode method, TypeFlow types) {
    this.subject = subject;
    this.method = method;
    this.code = method.instructions.toArray();
    this.types = types;
  }

  static void check(Subject subject) {
    for (MethodNode method : subject.async.keySet()) {
      if (!writesField(method)) {
        continue;
      }
      try {
        new LostUpdates(subject, method, TypeFlow.of(subject.node.name, method)).check();
      } catch (AnalyzerException e) {
        continue; // the weaving itself reports it
      }
    }
  }

  private static boolean writesField(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn.getOpcode() == Opcodes.PUTFIELD || insn.getOpcode() == Opcodes.PUTSTATIC) {
        return true;
      }
    }
    return false;
  }

  private void check() {
    SourceLines.walk(
        method,
        (insn, line) -> {
          boolean reads =
              insn.getOpcode() == Opcodes.GETSTATIC
                  || insn.getOpcode() == Opcodes.GETFIELD && isUpdated(insn);
          MethodHeader suspends = reads ? suspensionBeforeWrite((FieldInsnNode) insn) : null;
          if (suspends != null) {
            String field = ((FieldInsnNode) insn).name;
            subject.findings.warning(
                line,
                field
                    + " is read before "
                    + subject.named(suspends)
                    + " may suspend and written after, so what other tasks write to it in between is"
                    + " lost: make the call first, then update "
                    + field);
          }
        });
  }

  /** True for the read of a field of an object that is kept, to write the field. */
  private static boolean isUpdated(AbstractInsnNode read) {
    AbstractInsnNode object = before(read);
    if (object instanceof VarInsnNode load && before(load) instanceof VarInsnNode kept) {
      return load.getOpcode() == kept.getOpcode() && load.var == kept.var;
    }
    return object != null && object.getOpcode() == Opcodes.DUP;
  }

  private static @Nullable AbstractInsnNode before(AbstractInsnNode insn) {
    AbstractInsnNode previous = insn.getPrevious();
    while (previous != null && previous.getOpcode() < 0) {
      previous = previous.getPrevious();
    }
    return previous;
  }

  /** The call that may suspend between a read and the write of what was computed from it. */
  private @Nullable MethodHeader suspensionBeforeWrite(FieldInsnNode read) {
    int start = method.instructions.indexOf(read);
    TypeFlow.State before = types.before(start);
    if (before == null) {
      return null;
    }
    int position = before.getStackSize() - (read.getOpcode() == Opcodes.GETFIELD ? 1 : 0);
    MethodHeader suspends = null;
    for (int i = start + 1; i < code.length; i++) {
      TypeFlow.State state = types.before(i);
      if (code[i].getOpcode() < 0 || state == null) {
        continue;
      }
      if (state.getStackSize() <= position) {
        return null; // consumed by something else
      }
      if (isWriteOf(read, code[i]) && state.getStackSize() - 1 == position + copies(code[i])) {
        return suspends;
      }
      if (code[i] instanceof MethodInsnNode call) {
        int arguments =
            Type.getArgumentCount(call.desc) + (call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1);
        MethodHeader callee = subject.calls.callee(call);
        if (callee != null && position < state.getStackSize() - arguments) {
          suspends = callee;
        }
      }
    }
    return null;
  }

  /** One if what is written is the value of the expression too: {@code return x += f()}. */
  private static int copies(AbstractInsnNode write) {
    AbstractInsnNode previous = before(write);
    int opcode = previous == null ? Opcodes.NOP : previous.getOpcode();
    return opcode >= Opcodes.DUP && opcode <= Opcodes.DUP2_X2 ? 1 : 0;
  }

  private static boolean isWriteOf(FieldInsnNode read, AbstractInsnNode insn) {
    int write = read.getOpcode() == Opcodes.GETFIELD ? Opcodes.PUTFIELD : Opcodes.PUTSTATIC;
    return insn.getOpcode() == write
        && insn instanceof FieldInsnNode field
        && field.owner.equals(read.owner)
        && field.name.equals(read.name)
        && field.desc.equals(read.desc);
  }
}
