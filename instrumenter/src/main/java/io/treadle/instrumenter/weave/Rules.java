package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Checks what the weaver's guarantees forbid, and warns of what users trip over; all of a class at
 * once.
 *
 * <p>Each rule is a class of its own. What only the weaving itself can see is reported there: a
 * suspension that holds a monitor, a callee that is not woven, the size of a body.
 */
public final class Rules {
  private Rules() {}

  static void check(Subject subject, StubPolicy stubs) {
    Declarations.check(subject);
    Set<MethodNode> unmarked = Overrides.check(subject);
    if (stubs == StubPolicy.REFUSE) { // else a stub that plain code calls just blocks
      SuspensionPlaces.check(subject, unmarked);
    }
    checkInterfaces(subject);
    DroppedFutures.check(subject);
    StageLambdas.check(subject);
    BlockingCalls.check(subject);
    LostUpdates.check(subject);
    EarlyInitialisation.check(subject);
  }

  /** What takes a lambda calls the twin of its interface, so the interface must have one. */
  private static void checkInterfaces(Subject subject) {
    for (LambdaUse use : subject.lambdas) {
      MethodHeader method =
          use.style() == AsyncStyle.DIRECT ? subject.calls.method(use.site()) : null;
      if (method != null) {
        subject.calls.isWoven(method, use.line());
      }
    }
  }

  public static int firstLine(MethodNode method) {
    return SourceLines.first(method);
  }

  /** The line of the first instruction of a kind in a class; 0 if unknown. */
  public static int lineOf(ClassNode node, int opcode) {
    int[] found = {0};
    for (MethodNode method : node.methods) {
      SourceLines.walk(
          method,
          (insn, line) -> found[0] = found[0] == 0 && insn.getOpcode() == opcode ? line : found[0]);
    }
    return found[0];
  }

  public static boolean hasAnnotation(MethodNode method, String descriptor) {
    return has(method.visibleAnnotations, descriptor)
        || has(method.invisibleAnnotations, descriptor);
  }

  private static boolean has(@Nullable List<AnnotationNode> annotations, String descriptor) {
    return annotations != null && annotations.stream().anyMatch(a -> a.desc.equals(descriptor));
  }
}
