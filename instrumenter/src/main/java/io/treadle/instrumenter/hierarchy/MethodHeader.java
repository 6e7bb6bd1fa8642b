package io.treadle.instrumenter.hierarchy;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/**
 * What the weaver knows of a method of any class.
 *
 * @param async whether the predicate chose it
 * @param forwardsTo for a bridge or accessor, recognised by its code: the call that it makes
 */
public record MethodHeader(
    String owner,
    int access,
    String name,
    String descriptor,
    boolean async,
    @Nullable Forward forwardsTo) {

  /** The one call of a method that does nothing else. */
  public record Forward(int opcode, String owner, String name, String descriptor) {}

  public boolean has(int flag) {
    return (access & flag) != 0;
  }

  public boolean isStatic() {
    return has(Opcodes.ACC_STATIC);
  }

  /** True for what subclasses can override. */
  public boolean isVirtual() {
    return !has(Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE) && !name.startsWith("<");
  }
}
