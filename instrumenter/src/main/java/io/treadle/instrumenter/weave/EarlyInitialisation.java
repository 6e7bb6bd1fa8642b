package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.Names;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

/**
 * Warns of interfaces that are initialised earlier once they are woven: a class that is initialised
 * initialises its superinterfaces that have methods with code, and a twin is one.
 */
final class EarlyInitialisation {
  private EarlyInitialisation() {}

  static void check(Subject subject) {
    MethodNode initialiser = subject.method("<clinit>", "()V");
    boolean isInterface = (subject.node.access & Opcodes.ACC_INTERFACE) != 0;
    if (!isInterface || initialiser == null) {
      return;
    }
    boolean getsTwins =
        subject.async.entrySet().stream()
            .anyMatch(e -> e.getValue() == AsyncStyle.DIRECT && isInherited(e.getKey()));
    boolean hasCode =
        subject.node.methods.stream()
            .anyMatch(m -> isInherited(m) && (m.access & Opcodes.ACC_ABSTRACT) == 0);
    if (getsTwins && !hasCode) {
      subject.findings.warning(
          SourceLines.first(initialiser),
          Names.simple(subject.node.name)
              + " gets default methods by weaving, so it is initialised as soon as a class that"
              + " implements it is, like every interface with default methods: if the order matters,"
              + " move its constants to a class");
    }
  }

  private static boolean isInherited(MethodNode method) {
    int own = Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE;
    return (method.access & own) == 0;
  }
}
