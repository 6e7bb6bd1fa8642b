package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.flow.TypeFlow;
import io.treadle.instrumenter.flow.VerificationType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * Defers the allocation of objects whose constructor arguments suspend, since an object that is not
 * initialised yet cannot be saved.
 *
 * <p>{@code NEW X} becomes {@code NEW X; POP; ACONST_NULL}: the class is still initialised where it
 * was, and a null stands for the object wherever it is copied to. At the constructor call, the
 * arguments step aside, the object is made, and every copy of the null that the types show to be
 * this object is replaced.
 */
final class DeferredNew {
  private final MethodNode method;
  private final Set<AbstractInsnNode> deferred = new LinkedHashSet<>();

  /** The first local variable that no constructor call uses. They all start with the same ones. */
  private int firstFree;

  private DeferredNew(MethodNode method) {
    this.method = method;
    this.firstFree = method.maxLocals;
  }

  /**
   * Changes the method if it has to be.
   *
   * @param suspends says which instructions suspend
   * @return true if the method was changed; the types are then no longer valid
   * @throws AnalyzerException if the method compares a deferred object, which the null cannot stand
   *     for; no compiler writes that
   */
  static boolean apply(MethodNode method, TypeFlow types, Predicate<AbstractInsnNode> suspends)
      throws AnalyzerException {
    DeferredNew pass = new DeferredNew(method);
    AbstractInsnNode[] code = method.instructions.toArray();
    for (int i = 0; i < code.length; i++) {
      TypeFlow.State state = types.before(i);
      if (state != null && suspends.test(code[i])) {
        pass.collect(state);
      }
    }
    if (pass.deferred.isEmpty()) {
      return false;
    }
    for (int i = 0; i < code.length; i++) {
      TypeFlow.State state = types.before(i);
      if (state != null && code[i] instanceof JumpInsnNode) {
        pass.checkComparison(code[i], state);
      }
      if (code[i] instanceof FrameNode frame) {
        pass.rewrite(frame);
      } else if (pass.deferred.contains(code[i])) {
        pass.placeholder(code[i]);
      } else if (state != null
          && code[i] instanceof MethodInsnNode call
          && call.name.equals("<init>")
          && pass.deferred.contains(state.receiver(call).site())) {
        pass.construct(call, state);
      }
    }
    method.maxLocals = pass.firstFree;
    return true;
  }

  private void checkComparison(AbstractInsnNode jump, TypeFlow.State state)
      throws AnalyzerException {
    int operands =
        switch (jump.getOpcode()) {
          case Opcodes.IFNULL, Opcodes.IFNONNULL -> 1;
          case Opcodes.IF_ACMPEQ, Opcodes.IF_ACMPNE -> 2;
          default -> 0;
        };
    for (int i = 1; i <= operands; i++) {
      if (deferred.contains(state.getStack(state.getStackSize() - i).site())) {
        throw new AnalyzerException(
            jump,
            "it compares an object before its constructor, whose arguments suspend, is called");
      }
    }
  }

  private void collect(TypeFlow.State state) {
    for (int i = 0; i < state.getLocals(); i++) {
      add(state.getLocal(i));
    }
    for (int i = 0; i < state.getStackSize(); i++) {
      add(state.getStack(i));
    }
  }

  private void add(VerificationType type) {
    if (type.kind() == VerificationType.Kind.UNINITIALIZED) {
      deferred.add(type.site());
    }
  }

  private void rewrite(FrameNode frame) {
    frame.local = withPlaceholders(frame.local);
    frame.stack = withPlaceholders(frame.stack);
  }

  private @Nullable List<Object> withPlaceholders(@Nullable List<Object> types) {
    if (types == null) {
      return null;
    }
    List<Object> rewritten = new ArrayList<>(types.size());
    for (Object type : types) {
      boolean placeholder = type instanceof LabelNode label && deferred.contains(site(label));
      rewritten.add(placeholder ? Opcodes.NULL : type);
    }
    return rewritten;
  }

  private static AbstractInsnNode site(LabelNode label) {
    AbstractInsnNode site = label;
    while (site.getOpcode() < 0) {
      site = site.getNext();
    }
    return site;
  }

  private void placeholder(AbstractInsnNode site) {
    InsnList after = new InsnList();
    after.add(new InsnNode(Opcodes.POP));
    after.add(new InsnNode(Opcodes.ACONST_NULL));
    method.instructions.insert(site, after);
  }

  private void construct(MethodInsnNode call, TypeFlow.State state) {
    VerificationType made = state.receiver(call);
    InsnList before = new InsnList();
    InsnList after = new InsnList();
    int temporary = method.maxLocals;

    Type[] arguments = Type.getArgumentTypes(call.desc);
    List<VarInsnNode> loads = new ArrayList<>();
    for (int i = arguments.length - 1; i >= 0; i--) {
      before.add(new VarInsnNode(arguments[i].getOpcode(Opcodes.ISTORE), temporary));
      loads.add(0, new VarInsnNode(arguments[i].getOpcode(Opcodes.ILOAD), temporary));
      temporary += arguments[i].getSize();
    }

    int top = state.getStackSize() - 1 - arguments.length; // the receiver
    int lowest = top;
    for (int i = 0; i < top; i++) {
      if (state.getStack(i).equals(made)) {
        lowest = i;
        break;
      }
    }
    before.add(new InsnNode(Opcodes.POP));
    List<VarInsnNode> restores = new ArrayList<>(); // null where the object goes
    for (int i = top - 1; i >= lowest; i--) {
      VerificationType type = state.getStack(i);
      if (type.equals(made)) {
        before.add(new InsnNode(Opcodes.POP));
        restores.add(0, null);
      } else {
        before.add(new VarInsnNode(type.opcode(Opcodes.ISTORE), temporary));
        restores.add(0, new VarInsnNode(type.opcode(Opcodes.ILOAD), temporary));
        temporary += type.getSize();
      }
    }
    before.add(new TypeInsnNode(Opcodes.NEW, ((TypeInsnNode) made.site()).desc));
    before.add(new InsnNode(Opcodes.DUP));
    loads.forEach(before::add);
    method.instructions.insertBefore(call, before);

    int object = temporary++;
    after.add(new VarInsnNode(Opcodes.ASTORE, object));
    for (int i = 0; i < state.getLocals(); i++) {
      if (state.getLocal(i).equals(made)) {
        after.add(new VarInsnNode(Opcodes.ALOAD, object));
        after.add(new VarInsnNode(Opcodes.ASTORE, i));
      }
    }
    for (VarInsnNode restore : restores) {
      after.add(restore != null ? restore : new VarInsnNode(Opcodes.ALOAD, object));
    }
    method.instructions.insert(call, after);
    // What is added needs NEW and DUP on top of the arguments, which the original stack may not
    // have had.
    method.maxStack += 2;
    firstFree = Math.max(firstFree, temporary);
  }
}
