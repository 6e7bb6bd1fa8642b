package io.treadle.instrumenter.flow;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.analysis.Value;

/**
 * The type of a local variable or stack element, as the JVM's verifier sees it.
 *
 * @param name of an object: the internal name, or an array's descriptor
 * @param site of an uninitialised object: its {@code NEW}
 * @param origin the instruction that made the value, for diagnostics; not part of its identity
 */
public record VerificationType(
    Kind kind,
    @Nullable String name,
    @Nullable AbstractInsnNode site,
    @Nullable AbstractInsnNode origin)
    implements Value {

  public enum Kind {
    TOP,
    INT,
    FLOAT,
    LONG,
    DOUBLE,
    NULL,
    UNINITIALIZED_THIS,
    UNINITIALIZED,
    OBJECT
  }

  public static final VerificationType TOP = of(Kind.TOP);
  public static final VerificationType INT = of(Kind.INT);
  public static final VerificationType FLOAT = of(Kind.FLOAT);
  public static final VerificationType LONG = of(Kind.LONG);
  public static final VerificationType DOUBLE = of(Kind.DOUBLE);
  public static final VerificationType NULL = of(Kind.NULL);
  public static final VerificationType UNINITIALIZED_THIS = of(Kind.UNINITIALIZED_THIS);

  private static VerificationType of(Kind kind) {
    return new VerificationType(kind, null, null, null);
  }

  public static VerificationType object(String name) {
    return new VerificationType(Kind.OBJECT, name, null, null);
  }

  public static VerificationType uninitialized(AbstractInsnNode site) {
    return new VerificationType(Kind.UNINITIALIZED, null, site, null);
  }

  public static VerificationType of(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> INT;
      case Type.FLOAT -> FLOAT;
      case Type.LONG -> LONG;
      case Type.DOUBLE -> DOUBLE;
      case Type.ARRAY -> object(type.getDescriptor());
      case Type.OBJECT -> object(type.getInternalName());
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  public VerificationType from(AbstractInsnNode insn) {
    return new VerificationType(kind, name, site, insn);
  }

  @Override
  public int getSize() {
    return kind == Kind.LONG || kind == Kind.DOUBLE ? 2 : 1;
  }

  public boolean isReference() {
    return kind.compareTo(Kind.NULL) >= 0;
  }

  public boolean isUninitialized() {
    return kind == Kind.UNINITIALIZED || kind == Kind.UNINITIALIZED_THIS;
  }

  /** The opcode that loads or stores such a value: {@code opcode} is the one for ints. */
  public int opcode(int opcode) {
    return switch (kind) {
      case INT -> Type.INT_TYPE.getOpcode(opcode);
      case FLOAT -> Type.FLOAT_TYPE.getOpcode(opcode);
      case LONG -> Type.LONG_TYPE.getOpcode(opcode);
      case DOUBLE -> Type.DOUBLE_TYPE.getOpcode(opcode);
      default -> opcode == Opcodes.ILOAD ? Opcodes.ALOAD : Opcodes.ASTORE;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationType t
        && kind == t.kind
        && Objects.equals(name, t.name)
        && site == t.site;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, name);
  }
}
