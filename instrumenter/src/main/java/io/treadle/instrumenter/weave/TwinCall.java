package io.treadle.instrumenter.weave;

import org.objectweb.asm.tree.MethodInsnNode;

/** What a call of an async method becomes: the call of its twin, of its body or of a dispatcher. */
record TwinCall(int opcode, String owner, String name, String descriptor, boolean isInterface) {
  void applyTo(MethodInsnNode call) {
    call.setOpcode(opcode);
    call.owner = owner;
    call.name = name;
    call.desc = descriptor;
    call.itf = isInterface;
  }
}
