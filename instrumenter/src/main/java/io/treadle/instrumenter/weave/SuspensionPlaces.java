package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.flow.TypeFlow;
import io.treadle.instrumenter.flow.VerificationType;
import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import io.treadle.instrumenter.hierarchy.Names;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/** Checks that methods of direct style are called where code can be suspended, and only there. */
final class SuspensionPlaces {
  private final Subject subject;

  private SuspensionPlaces(Subject subject) {
    this.subject = subject;
  }

  /**
   * @param unmarked methods that should be {@code @Async} and are not: that has been said already
   */
  static void check(Subject subject, Set<MethodNode> unmarked) {
    SuspensionPlaces rule = new SuspensionPlaces(subject);
    for (MethodNode method : subject.node.methods) {
      MethodHeader header = subject.header(method);
      boolean forwards = header != null && header.forwardsTo() != null;
      if (!forwards
          && !subject.isAsync(method)
          && !subject.isExempt(method)
          && !unmarked.contains(method)) {
        rule.checkCalls(method);
      }
    }
    for (LambdaUse use : subject.lambdas) {
      if (use.style() != AsyncStyle.DIRECT && !subject.isExempt(use.in())) {
        rule.checkReference(use);
      }
    }
  }

  private void checkCalls(MethodNode method) {
    SourceLines.walk(
        method,
        (insn, line) -> {
          MethodHeader callee =
              insn instanceof MethodInsnNode call ? subject.calls.callee(call) : null;
          if (callee != null) {
            subject.findings.error(line, subject.named(callee) + reason(method, insn));
          }
        });
  }

  private String reason(MethodNode method, AbstractInsnNode call) {
    if (method.name.equals("<clinit>")) {
      return " may suspend, which a static initialiser cannot: call it from an @Async method, which"
          + " keeps the value for later";
    }
    if (method.name.equals("<init>")) {
      return " may suspend, which "
          + (isBeforeSuper(method, call)
              ? "the arguments of super(...) and this(...) cannot"
              : "a constructor or field initialiser cannot")
          + ": let an @Async static method await, and hand the value to the constructor";
    }
    if (Names.isLambda(method.name) && (method.access & Opcodes.ACC_SYNTHETIC) != 0) {
      LambdaUse use = useOf(method);
      return use == null
          ? " may suspend, which this lambda cannot"
          : " may suspend, which a lambda for "
              + use.interfaceName()
              + " cannot, since "
              + use.interfaceMethod()
              + " is not @Async: "
              + use.remedy();
    }
    return " is @Async, and only @Async code can call it: " + remedy(method);
  }

  private String remedy(MethodNode method) {
    String start = "start it with Treadle.run(() -> ...) or EventLoop.submit(() -> ...)";
    if (method.name.equals("main")) {
      return start;
    }
    MethodHeader header = subject.header(method);
    MethodHeader plain = header == null ? null : overriddenPlain(header);
    return plain != null
        ? subject.named(method)
            + " overrides "
            + Names.simple(plain.owner())
            + "."
            + plain.name()
            + ", which is not: "
            + start
        : "mark "
            + subject.named(method)
            + " @Async, or "
            + start
            + "; code that only names it, to stub or verify a mock, bears @PlainCalls";
  }

  /** A method that is not async and whose callers are not either. */
  private @Nullable MethodHeader overriddenPlain(MethodHeader method) {
    List<MethodHeader> above = subject.hierarchy.overridden(method);
    boolean none = above.isEmpty() || above.stream().anyMatch(m -> subject.styles.of(m) != null);
    return none ? null : above.get(0);
  }

  private @Nullable LambdaUse useOf(MethodNode lambda) {
    return subject.lambdas.stream()
        .filter(use -> subject.lambdaBody(use) == lambda)
        .findFirst()
        .orElse(null);
  }

  private boolean isBeforeSuper(MethodNode constructor, AbstractInsnNode call) {
    try {
      TypeFlow.State state =
          TypeFlow.of(subject.node.name, constructor)
              .before(constructor.instructions.indexOf(call));
      for (int i = 0; state != null && i < state.getStackSize(); i++) {
        if (state.getStack(i).kind() == VerificationType.Kind.UNINITIALIZED_THIS) {
          return true;
        }
      }
      return false;
    } catch (AnalyzerException e) { // only the wording depends on it
      return false;
    }
  }

  private void checkReference(LambdaUse use) {
    Handle target = use.site().implementation;
    if (use.site().hasLambdaBody(subject.node)) {
      return; // its code is checked
    }
    MethodHeader method = subject.calls.callee(target);
    if (method != null) {
      subject.findings.error(
          use.line(),
          subject.named(method)
              + " may suspend, which a method reference for "
              + use.interfaceName()
              + " cannot, since "
              + use.interfaceMethod()
              + (use.style() == null ? " is not @Async: " : " is future style: ")
              + (use.style() == null ? use.remedy() : "write a lambda that calls it"));
    }
  }
}
