package io.treadle.instrumenter.flow;

import java.util.List;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Interpreter;

/**
 * The types that instructions produce. Needs no hierarchy: where paths join, the class file says
 * the type.
 */
public final class TypeInterpreter extends Interpreter<VerificationType> {
  public TypeInterpreter() {
    super(Opcodes.ASM9);
  }

  @Override
  public VerificationType newValue(Type type) {
    if (type == null) {
      return VerificationType.TOP;
    }
    return type == Type.VOID_TYPE ? null : VerificationType.of(type);
  }

  @Override
  public VerificationType newOperation(AbstractInsnNode insn) throws AnalyzerException {
    return switch (insn.getOpcode()) {
      case Opcodes.ACONST_NULL -> VerificationType.NULL;
      case Opcodes.LCONST_0, Opcodes.LCONST_1 -> VerificationType.LONG;
      case Opcodes.FCONST_0, Opcodes.FCONST_1, Opcodes.FCONST_2 -> VerificationType.FLOAT;
      case Opcodes.DCONST_0, Opcodes.DCONST_1 -> VerificationType.DOUBLE;
      case Opcodes.LDC -> constant(((LdcInsnNode) insn).cst);
      case Opcodes.GETSTATIC ->
          VerificationType.of(Type.getType(((FieldInsnNode) insn).desc)).from(insn);
      case Opcodes.NEW -> VerificationType.uninitialized(insn);
      case Opcodes.JSR -> throw new AnalyzerException(insn, "JSR");
      default -> VerificationType.INT;
    };
  }

  private static VerificationType constant(Object constant) {
    if (constant instanceof Integer) {
      return VerificationType.INT;
    } else if (constant instanceof Float) {
      return VerificationType.FLOAT;
    } else if (constant instanceof Long) {
      return VerificationType.LONG;
    } else if (constant instanceof Double) {
      return VerificationType.DOUBLE;
    } else if (constant instanceof String) {
      return VerificationType.object("java/lang/String");
    } else if (constant instanceof Type type) {
      return VerificationType.object(
          type.getSort() == Type.METHOD ? "java/lang/invoke/MethodType" : "java/lang/Class");
    } else if (constant instanceof Handle) {
      return VerificationType.object("java/lang/invoke/MethodHandle");
    } else if (constant instanceof ConstantDynamic dynamic) {
      return VerificationType.of(Type.getType(dynamic.getDescriptor()));
    }
    throw new IllegalArgumentException("constant " + constant);
  }

  @Override
  public VerificationType copyOperation(AbstractInsnNode insn, VerificationType value) {
    return value;
  }

  @Override
  public VerificationType unaryOperation(AbstractInsnNode insn, VerificationType value) {
    return switch (insn.getOpcode()) {
      case Opcodes.LNEG, Opcodes.I2L, Opcodes.F2L, Opcodes.D2L -> VerificationType.LONG;
      case Opcodes.FNEG, Opcodes.I2F, Opcodes.L2F, Opcodes.D2F -> VerificationType.FLOAT;
      case Opcodes.DNEG, Opcodes.I2D, Opcodes.L2D, Opcodes.F2D -> VerificationType.DOUBLE;
      case Opcodes.GETFIELD ->
          VerificationType.of(Type.getType(((FieldInsnNode) insn).desc)).from(insn);
      case Opcodes.NEWARRAY ->
          VerificationType.object("[" + primitive(((IntInsnNode) insn).operand));
      case Opcodes.ANEWARRAY -> {
        String element = ((TypeInsnNode) insn).desc;
        yield VerificationType.object(
            element.startsWith("[") ? "[" + element : "[L" + element + ";");
      }
      case Opcodes.CHECKCAST -> VerificationType.object(((TypeInsnNode) insn).desc);
      default -> VerificationType.INT;
    };
  }

  private static char primitive(int code) {
    return switch (code) {
      case Opcodes.T_BOOLEAN -> 'Z';
      case Opcodes.T_CHAR -> 'C';
      case Opcodes.T_FLOAT -> 'F';
      case Opcodes.T_DOUBLE -> 'D';
      case Opcodes.T_BYTE -> 'B';
      case Opcodes.T_SHORT -> 'S';
      case Opcodes.T_INT -> 'I';
      default -> 'J';
    };
  }

  @Override
  public VerificationType binaryOperation(
      AbstractInsnNode insn, VerificationType one, VerificationType other) {
    return switch (insn.getOpcode()) {
      case Opcodes.LALOAD,
          Opcodes.LADD,
          Opcodes.LSUB,
          Opcodes.LMUL,
          Opcodes.LDIV,
          Opcodes.LREM,
          Opcodes.LSHL,
          Opcodes.LSHR,
          Opcodes.LUSHR,
          Opcodes.LAND,
          Opcodes.LOR,
          Opcodes.LXOR ->
          VerificationType.LONG;
      case Opcodes.FALOAD, Opcodes.FADD, Opcodes.FSUB, Opcodes.FMUL, Opcodes.FDIV, Opcodes.FREM ->
          VerificationType.FLOAT;
      case Opcodes.DALOAD, Opcodes.DADD, Opcodes.DSUB, Opcodes.DMUL, Opcodes.DDIV, Opcodes.DREM ->
          VerificationType.DOUBLE;
      case Opcodes.AALOAD -> element(one);
      default -> VerificationType.INT;
    };
  }

  private static VerificationType element(VerificationType array) {
    if (array.kind() == VerificationType.Kind.NULL) {
      return VerificationType.NULL;
    }
    return VerificationType.of(Type.getType(array.name().substring(1)));
  }

  @Override
  public VerificationType ternaryOperation(
      AbstractInsnNode insn, VerificationType a, VerificationType b, VerificationType c) {
    return VerificationType.TOP; // array stores; nobody looks at it
  }

  @Override
  public VerificationType naryOperation(
      AbstractInsnNode insn, List<? extends VerificationType> values) {
    if (insn instanceof MultiANewArrayInsnNode array) {
      return VerificationType.object(array.desc);
    }
    String descriptor =
        insn instanceof InvokeDynamicInsnNode dynamic ? dynamic.desc : ((MethodInsnNode) insn).desc;
    Type type = Type.getReturnType(descriptor);
    return type == Type.VOID_TYPE ? null : VerificationType.of(type).from(insn);
  }

  @Override
  public void returnOperation(
      AbstractInsnNode insn, VerificationType value, VerificationType expected) {}

  @Override
  public VerificationType merge(VerificationType one, VerificationType other) {
    throw new AssertionError("the class file says the types where paths join");
  }
}
