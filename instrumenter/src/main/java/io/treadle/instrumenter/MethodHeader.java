package io.treadle.instrumenter;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/**
 * What the weaver knows of a method of any class.
 *
 * @param async whether the predicate chose it
 * @param forwardsTo for a bridge or accessor, recognised by its code: the call that it makes
 */
record MethodHeader(
    String owner,
    int access,
    String name,
    String descriptor,
    boolean async,
    @Nullable Forward forwardsTo) {

  /** The one call of a method that does nothing else. */
  record Forward(int opcode, String owner, String name, String descriptor) {}

  boolean has(int flag) {
    return (access & flag) != 0;
  }

  boolean isStatic() {
    return has(Opcodes.ACC_STATIC);
  }

  /** True for what subclasses can override. */
  boolean isVirtual() {
    return !has(Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE) && !name.startsWith("<");
  }
}
