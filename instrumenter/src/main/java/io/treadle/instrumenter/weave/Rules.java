package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.ClassHeader;
import io.treadle.instrumenter.hierarchy.Hierarchy;
import io.treadle.instrumenter.hierarchy.Styles;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** Checks what the weaver's guarantees forbid, and warns of what users trip over. */
public final class Rules {
  public Rules(
      ClassNode node,
      ClassHeader header,
      Hierarchy hierarchy,
      Styles styles,
      StubPolicy stubs,
      Findings findings) {}

  public void check(Map<MethodNode, AsyncStyle> async, Set<String> plainLambdas) {}

  public static int firstLine(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof LineNumberNode number) {
        return number.line;
      }
    }
    return 0;
  }

  public static boolean hasAnnotation(MethodNode method, String descriptor) {
    return has(method.visibleAnnotations, descriptor)
        || has(method.invisibleAnnotations, descriptor);
  }

  private static boolean has(@Nullable List<AnnotationNode> annotations, String descriptor) {
    return annotations != null && annotations.stream().anyMatch(a -> a.desc.equals(descriptor));
  }
}
