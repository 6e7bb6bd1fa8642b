package io.treadle.instrumenter.flow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.Interpreter;

/**
 * The types of locals and stack before each instruction, in one pass over the code, as the
 * type-checking verifier of the JVM finds them: where paths join, the stack map says the types, so
 * no hierarchy is needed.
 */
public final class TypeFlow {
  /** The locals and the stack before an instruction. */
  public static final class State extends Frame<VerificationType> {
    State(int locals, int stack) {
      super(locals, stack);
    }

    State(State other) {
      super(other);
    }

    @Override
    public void execute(AbstractInsnNode insn, Interpreter<VerificationType> interpreter)
        throws AnalyzerException {
      if (insn.getOpcode() == Opcodes.INVOKESPECIAL
          && ((MethodInsnNode) insn).name.equals("<init>")) {
        MethodInsnNode call = (MethodInsnNode) insn;
        VerificationType made = receiver(call);
        super.execute(insn, interpreter);
        String type = made.site() == null ? call.owner : ((TypeInsnNode) made.site()).desc;
        initialize(made, VerificationType.object(type));
      } else {
        super.execute(insn, interpreter);
      }
    }

    private void initialize(VerificationType uninitialized, VerificationType object) {
      for (int i = 0; i < getLocals(); i++) {
        if (getLocal(i).equals(uninitialized)) {
          setLocal(i, object);
        }
      }
      for (int i = 0; i < getStackSize(); i++) {
        if (getStack(i).equals(uninitialized)) {
          setStack(i, object);
        }
      }
    }

    /** The receiver below the arguments of a call that is about to be made. */
    public VerificationType receiver(MethodInsnNode call) {
      return getStack(getStackSize() - 1 - Type.getArgumentCount(call.desc));
    }
  }

  private final @Nullable State[] before;

  private TypeFlow(@Nullable State[] before) {
    this.before = before;
  }

  /** Null for code that cannot be reached, labels and the like included. */
  public @Nullable State before(int index) {
    return before[index];
  }

  public static TypeFlow of(String owner, MethodNode method) throws AnalyzerException {
    int size = method.instructions.size();
    State[] before = new State[size];
    TypeInterpreter interpreter = new TypeInterpreter();
    int stack = method.maxStack + 2;
    State now = initial(owner, method, stack);
    int index = 0;
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FrameNode frame) {
        now = fromStackMap(frame, method.maxLocals, stack);
      }
      before[index++] = now == null ? null : new State(now);
      if (now == null || insn.getOpcode() < 0) {
        continue;
      }
      try {
        now.execute(insn, interpreter);
      } catch (IndexOutOfBoundsException | IllegalArgumentException | NullPointerException e) {
        throw new AnalyzerException(insn, "invalid bytecode", e);
      }
      if (endsPath(insn.getOpcode())) {
        now = null;
      }
    }
    return new TypeFlow(before);
  }

  /** True for an instruction after which the next one is not executed. */
  public static boolean endsPath(int opcode) {
    return opcode == Opcodes.GOTO
        || opcode == Opcodes.TABLESWITCH
        || opcode == Opcodes.LOOKUPSWITCH
        || opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN
        || opcode == Opcodes.ATHROW
        || opcode == Opcodes.RET;
  }

  private static State initial(String owner, MethodNode method, int stack) {
    State state = new State(method.maxLocals, stack);
    int local = 0;
    if ((method.access & Opcodes.ACC_STATIC) == 0) {
      state.setLocal(
          local++,
          method.name.equals("<init>")
              ? VerificationType.UNINITIALIZED_THIS
              : VerificationType.object(owner));
    }
    for (Type type : Type.getArgumentTypes(method.desc)) {
      VerificationType value = VerificationType.of(type);
      state.setLocal(local++, value);
      if (value.getSize() == 2) {
        state.setLocal(local++, VerificationType.TOP);
      }
    }
    while (local < method.maxLocals) {
      state.setLocal(local++, VerificationType.TOP);
    }
    return state;
  }

  private static State fromStackMap(FrameNode frame, int locals, int stack) {
    State state = new State(locals, stack);
    int local = 0;
    for (VerificationType type : types(frame.local)) {
      state.setLocal(local++, type);
      if (type.getSize() == 2) {
        state.setLocal(local++, VerificationType.TOP);
      }
    }
    while (local < locals) {
      state.setLocal(local++, VerificationType.TOP);
    }
    for (VerificationType type : types(frame.stack)) {
      state.push(type);
    }
    return state;
  }

  private static List<VerificationType> types(@Nullable List<Object> entries) {
    List<VerificationType> types = new ArrayList<>();
    for (Object entry : entries == null ? List.of() : entries) {
      types.add(type(entry));
    }
    return types;
  }

  private static VerificationType type(Object entry) {
    if (entry instanceof String name) {
      return VerificationType.object(name);
    }
    if (entry instanceof LabelNode label) {
      AbstractInsnNode site = label;
      while (site.getOpcode() < 0) {
        site = site.getNext();
      }
      return VerificationType.uninitialized(site);
    }
    if (entry == Opcodes.INTEGER) {
      return VerificationType.INT;
    } else if (entry == Opcodes.FLOAT) {
      return VerificationType.FLOAT;
    } else if (entry == Opcodes.LONG) {
      return VerificationType.LONG;
    } else if (entry == Opcodes.DOUBLE) {
      return VerificationType.DOUBLE;
    } else if (entry == Opcodes.NULL) {
      return VerificationType.NULL;
    } else if (entry == Opcodes.UNINITIALIZED_THIS) {
      return VerificationType.UNINITIALIZED_THIS;
    }
    return VerificationType.TOP;
  }
}
