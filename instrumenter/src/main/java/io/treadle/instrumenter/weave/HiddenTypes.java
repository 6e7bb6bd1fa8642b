package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.flow.VerificationType;
import io.treadle.instrumenter.hierarchy.Hierarchy;
import io.treadle.instrumenter.hierarchy.Names;
import java.util.Arrays;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Values whose class the body cannot name: a class that is private to another package, say, which a
 * public method of that package returned.
 *
 * <p>Such a value cannot be cast back when it is restored. So the body treats it as one of the
 * nearest superclass that can be named, everywhere; and a method that takes it by its own type is
 * called through a call site, which knows the method by a text and casts where access is no
 * question.
 */
final class HiddenTypes {
  private final String owner;
  private final Hierarchy hierarchy;

  /**
   * @param owner the class of the body
   */
  HiddenTypes(String owner, Hierarchy hierarchy) {
    this.owner = owner;
    this.hierarchy = hierarchy;
  }

  /** The type that the body can name. */
  VerificationType named(VerificationType type) {
    return type.kind() == VerificationType.Kind.OBJECT
        ? VerificationType.object(hierarchy.accessible(type.name(), owner))
        : type;
  }

  private Type named(Type type) {
    return type.getSort() < Type.ARRAY
        ? type
        : Type.getObjectType(hierarchy.accessible(type.getInternalName(), owner));
  }

  /** True if a value that is hidden lives across a suspension. */
  boolean concern(SuspensionPoint point) {
    return point.locals.stream().anyMatch(saved -> isHidden(saved.type()))
        || point.stack.stream().anyMatch(saved -> isHidden(saved.type()))
        || point.result() != null && isHidden(point.result());
  }

  private boolean isHidden(VerificationType type) {
    return !named(type).equals(type);
  }

  /** Replaces the calls that take hidden types by call sites. */
  void rewriteCalls(MethodNode body) {
    for (AbstractInsnNode insn : body.instructions.toArray()) {
      if (insn instanceof MethodInsnNode call
          && !call.name.startsWith("<")
          && Arrays.stream(Type.getArgumentTypes(call.desc)).anyMatch(t -> !named(t).equals(t))) {
        body.instructions.set(call, callSite(call));
      }
    }
  }

  private InvokeDynamicInsnNode callSite(MethodInsnNode call) {
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    StringBuilder descriptor = new StringBuilder("(");
    if (!isStatic) {
      descriptor.append(Type.getObjectType(call.owner).getDescriptor());
    }
    for (Type argument : Type.getArgumentTypes(call.desc)) {
      descriptor.append(named(argument).getDescriptor());
    }
    descriptor.append(')').append(named(Type.getReturnType(call.desc)).getDescriptor());
    return new InvokeDynamicInsnNode(
        call.name,
        descriptor.toString(),
        Names.HIDDEN_BOOTSTRAP,
        Names.VERSION,
        Type.getObjectType(call.owner),
        call.desc,
        call.getOpcode() == Opcodes.INVOKESPECIAL ? 1 : 0);
  }
}
