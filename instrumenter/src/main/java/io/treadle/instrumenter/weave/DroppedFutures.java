package io.treadle.instrumenter.weave;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Warns where the future of an {@code @Async} call is dropped: nobody will see it fail. */
final class DroppedFutures {
  private final Subject subject;

  private DroppedFutures(Subject subject) {
    this.subject = subject;
  }

  static void check(Subject subject) {
    DroppedFutures rule = new DroppedFutures(subject);
    for (MethodNode method : subject.node.methods) {
      if (!subject.isExempt(method)) {
        rule.checkCalls(method);
      }
    }
    for (LambdaUse use : subject.lambdas) {
      if (!subject.isExempt(use.in())) {
        rule.checkReference(use);
      }
    }
  }

  private void checkCalls(MethodNode method) {
    SourceLines.walk(
        method,
        (insn, line) -> {
          if (insn instanceof MethodInsnNode call
              && isDropped(call)
              && subject.isFutureStyle(call)) {
            warn(line, call.owner, call.name, call.desc, subject.isAsync(method));
          }
        });
  }

  private static boolean isDropped(MethodInsnNode call) {
    AbstractInsnNode next = call.getNext();
    while (next != null && next.getOpcode() < 0) {
      next = next.getNext();
    }
    return next != null && next.getOpcode() == Opcodes.POP;
  }

  /** The metafactory drops what an interface that returns nothing does not want. */
  private void checkReference(LambdaUse use) {
    Handle target = use.site().implementation;
    if (use.site().sam.getReturnType() == Type.VOID_TYPE
        && !use.site().hasLambdaBody(subject.node)
        && subject.isFutureStyle(target.getOwner(), target.getName(), target.getDesc())) {
      warn(use.line(), target.getOwner(), target.getName(), target.getDesc(), false);
    }
  }

  private void warn(int line, String owner, String name, String descriptor, boolean canAwait) {
    String remedy = canAwait ? "write await(" + name + "(...)), or keep it" : "keep it";
    subject.findings.warning(
        line,
        "the future of "
            + subject.named(owner, name, descriptor)
            + " is dropped, and its failure with it: "
            + remedy
            + " in a variable");
  }
}
