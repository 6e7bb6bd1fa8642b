package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import io.treadle.instrumenter.hierarchy.Names;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodNode;

/** Checks which methods bear {@code @Async}. */
final class Declarations {
  private static final int SLOTS = 255;
  private static final String MAIN = "([Ljava/lang/String;)V";

  private final Subject subject;

  private Declarations(Subject subject) {
    this.subject = subject;
  }

  static void check(Subject subject) {
    Declarations rule = new Declarations(subject);
    for (MethodNode method : subject.async.keySet()) {
      rule.checkParameters(method);
      MethodHeader header = subject.header(method);
      if (header != null && header.async()) {
        rule.checkKind(method);
        rule.checkReturnType(method);
      }
    }
  }

  /** A twin and a body have one parameter more. */
  private void checkParameters(MethodNode method) {
    int receiver = (method.access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
    int slots = (Type.getArgumentsAndReturnSizes(method.desc) >> 2) - 1 + receiver;
    if (slots + 1 > SLOTS) {
      error(
          method,
          method.name
              + " has parameters of "
              + slots
              + " slots, and weaving adds one: the JVM allows "
              + SLOTS
              + "; pass some of them in an object");
    }
  }

  private void checkKind(MethodNode method) {
    if ((method.access & Opcodes.ACC_NATIVE) != 0) {
      error(
          method,
          subject.named(method)
              + " is native and cannot be @Async, since it has no code to weave: call it from an @Async"
              + " method, in offload(...) if it blocks");
    }
    int both = Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNCHRONIZED;
    if ((method.access & both) == both) {
      error(
          method,
          subject.named(method)
              + " is abstract and synchronized and cannot be @Async, since a monitor belongs to a"
              + " thread: drop synchronized");
    }
    if (isMain(method)) {
      error(
          method,
          "main cannot be @Async, since no event loop runs when the JVM calls it: move its code to"
              + " another @Async method and write run(() -> start(args)) here");
    }
  }

  /** True for what the {@code java} command would start. */
  private boolean isMain(MethodNode method) {
    if (!method.name.equals("main") || (method.access & Opcodes.ACC_PRIVATE) != 0) {
      return false;
    }
    boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
    boolean isPublic = (method.access & Opcodes.ACC_PUBLIC) != 0;
    boolean newForms = (subject.node.version & 0xFFFF) >= Opcodes.V21;
    if (method.desc.equals(MAIN)) {
      return newForms || isStatic && isPublic;
    }
    // A main without parameters beside one with them is an ordinary method.
    return method.desc.equals("()V") && newForms && subject.method("main", MAIN) == null;
  }

  private void checkReturnType(MethodNode method) {
    Type type = Type.getReturnType(method.desc);
    String name = type.getInternalName();
    if (type.getSort() == Type.OBJECT
        && !AsyncStyle.isFuture(name)
        && (subject.isStage(name)
            || subject.hierarchy.isSubtype(name, "java/util/concurrent/Future"))) {
      error(
          method,
          subject.named(method)
              + " is @Async and returns "
              + Names.simple(name)
              + ", which says neither style: return CompletableFuture, CompletionStage or Task, and any"
              + " code can call it; or return the value itself, and @Async code can call it");
    }
  }

  private void error(MethodNode method, String message) {
    subject.findings.error(SourceLines.first(method), message);
  }
}
