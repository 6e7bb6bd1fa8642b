package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.flow.StackMap;
import io.treadle.instrumenter.flow.VerificationType;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Instructions, written one after the other. */
final class Code {
  final InsnList list = new InsnList();

  Code op(int opcode) {
    list.add(new InsnNode(opcode));
    return this;
  }

  Code var(int opcode, int variable) {
    list.add(new VarInsnNode(opcode, variable));
    return this;
  }

  Code load(int variable) {
    return var(Opcodes.ALOAD, variable);
  }

  Code store(int variable) {
    return var(Opcodes.ASTORE, variable);
  }

  Code load(VerificationType type, int variable) {
    return var(type.opcode(Opcodes.ILOAD), variable);
  }

  Code store(VerificationType type, int variable) {
    return var(type.opcode(Opcodes.ISTORE), variable);
  }

  /**
   * Loads the parameters of a method, from a variable on; returns the first variable after them.
   */
  int loadParameters(Type[] types, int first) {
    int variable = first;
    for (Type type : types) {
      var(type.getOpcode(Opcodes.ILOAD), variable);
      variable += type.getSize();
    }
    return variable;
  }

  Code constant(int value) {
    if (value >= -1 && value <= 5) {
      return op(Opcodes.ICONST_0 + value);
    } else if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
      list.add(new IntInsnNode(Opcodes.BIPUSH, value));
    } else if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
      list.add(new IntInsnNode(Opcodes.SIPUSH, value));
    } else {
      list.add(new LdcInsnNode(value));
    }
    return this;
  }

  Code constant(Object value) {
    list.add(new LdcInsnNode(value));
    return this;
  }

  /** Any value of the type; for what nobody reads. */
  Code dummy(Type type) {
    return switch (type.getSort()) {
      case Type.VOID -> this;
      case Type.LONG -> op(Opcodes.LCONST_0);
      case Type.FLOAT -> op(Opcodes.FCONST_0);
      case Type.DOUBLE -> op(Opcodes.DCONST_0);
      case Type.ARRAY, Type.OBJECT -> op(Opcodes.ACONST_NULL);
      default -> op(Opcodes.ICONST_0);
    };
  }

  Code pop(Type type) {
    return switch (type.getSize()) {
      case 1 -> op(Opcodes.POP);
      case 2 -> op(Opcodes.POP2);
      default -> this;
    };
  }

  Code returns(Type type) {
    return op(type.getOpcode(Opcodes.IRETURN));
  }

  Code cast(String type) {
    if (!type.equals("java/lang/Object")) {
      list.add(new TypeInsnNode(Opcodes.CHECKCAST, type));
    }
    return this;
  }

  Code getField(String owner, String name, String descriptor) {
    list.add(new FieldInsnNode(Opcodes.GETFIELD, owner, name, descriptor));
    return this;
  }

  Code putField(String owner, String name, String descriptor) {
    list.add(new FieldInsnNode(Opcodes.PUTFIELD, owner, name, descriptor));
    return this;
  }

  Code call(int opcode, String owner, String name, String descriptor, boolean isInterface) {
    list.add(new MethodInsnNode(opcode, owner, name, descriptor, isInterface));
    return this;
  }

  Code callStatic(String owner, String name, String descriptor) {
    return call(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
  }

  Code callVirtual(String owner, String name, String descriptor) {
    return call(Opcodes.INVOKEVIRTUAL, owner, name, descriptor, false);
  }

  Code dynamic(String name, String descriptor, Handle bootstrap, Object... arguments) {
    list.add(new InvokeDynamicInsnNode(name, descriptor, bootstrap, arguments));
    return this;
  }

  Code jump(int opcode, LabelNode target) {
    list.add(new JumpInsnNode(opcode, target));
    return this;
  }

  Code label(LabelNode label) {
    list.add(label);
    return this;
  }

  Code stackMap(StackMap map) {
    list.add(map.node());
    return this;
  }
}
