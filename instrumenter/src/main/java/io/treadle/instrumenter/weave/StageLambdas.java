package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.flow.TypeFlow;
import io.treadle.instrumenter.flow.VerificationType;
import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.Names;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * Warns of lambdas for async interfaces whose value is a future, as in {@code spawn(() ->
 * http.sendAsync(request))}: the task would be done at once, with a value that nobody awaits.
 *
 * <p>It is different where the interface itself says that it returns one. Where the interface
 * returns nothing, the value of a lambda {@code () -> f()} is what {@code f} returns; class files
 * do not tell it from {@code () -> { f(); }}. So the warning is given if that is all the lambda
 * does, or at least it does not suspend: then it need not have been async.
 */
final class StageLambdas {
  private final Subject subject;

  private StageLambdas(Subject subject) {
    this.subject = subject;
  }

  static void check(Subject subject) {
    StageLambdas rule = new StageLambdas(subject);
    for (LambdaUse use : subject.lambdas) {
      MethodNode lambda = use.style() == AsyncStyle.DIRECT ? subject.lambdaBody(use) : null;
      if (lambda == null || subject.isExempt(use.in())) {
        continue;
      }
      Type declared = use.site().sam.getReturnType();
      if (declared == Type.VOID_TYPE) {
        rule.checkDropped(lambda);
      } else if (declared.getSort() == Type.OBJECT
          && !subject.isStage(declared.getInternalName())) {
        rule.checkReturned(lambda);
      }
    }
  }

  private void checkReturned(MethodNode lambda) {
    TypeFlow types;
    try {
      types = TypeFlow.of(subject.node.name, lambda);
    } catch (AnalyzerException e) {
      return; // the weaving itself reports it
    }
    SourceLines.walk(
        lambda,
        (insn, line) -> {
          TypeFlow.State state =
              insn.getOpcode() == Opcodes.ARETURN
                  ? types.before(lambda.instructions.indexOf(insn))
                  : null;
          VerificationType value = state == null ? null : state.getStack(state.getStackSize() - 1);
          if (value != null
              && value.kind() == VerificationType.Kind.OBJECT
              && !value.name().startsWith("[")
              && subject.isStage(value.name())) {
            warn(line, value.name());
          }
        });
  }

  private void checkDropped(MethodNode lambda) {
    boolean[] suspends = {false};
    SourceLines.walk(
        lambda,
        (insn, line) -> {
          suspends[0] |= insn instanceof MethodInsnNode call && subject.calls.callee(call) != null;
          if (insn instanceof MethodInsnNode call && !suspends[0] && isLast(call)) {
            Type value = Type.getReturnType(call.desc);
            if (value.getSort() == Type.OBJECT
                && subject.isStage(value.getInternalName())
                && !subject.isFutureStyle(call)) { // DroppedFutures reports that
              warn(line, value.getInternalName());
            }
          }
        });
  }

  /** True for a call whose value is dropped, after which the lambda ends. */
  private static boolean isLast(MethodInsnNode call) {
    AbstractInsnNode pop = next(call);
    AbstractInsnNode end = pop == null || pop.getOpcode() != Opcodes.POP ? null : next(pop);
    return end != null && end.getOpcode() == Opcodes.RETURN;
  }

  private static @Nullable AbstractInsnNode next(AbstractInsnNode insn) {
    AbstractInsnNode next = insn.getNext();
    while (next != null && next.getOpcode() < 0) {
      next = next.getNext();
    }
    return next;
  }

  private void warn(int line, String type) {
    subject.findings.warning(
        line,
        "the value of this lambda is a "
            + Names.simple(type)
            + ", which nobody awaits: write await(...)");
  }
}
