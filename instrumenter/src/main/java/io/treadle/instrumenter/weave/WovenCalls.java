package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.Hierarchy;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import io.treadle.instrumenter.hierarchy.Names;
import io.treadle.instrumenter.hierarchy.Styles;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Checks the calls of a class that was woven before: a class that it calls may have been built
 * again since.
 */
public final class WovenCalls {
  private final ClassNode node;
  private final Hierarchy hierarchy;
  private final Styles styles;
  private final Findings findings;
  private final boolean stubsBlock;

  public WovenCalls(ClassNode node, Hierarchy hierarchy, Findings findings) {
    this.node = node;
    this.hierarchy = hierarchy;
    this.styles = new Styles(hierarchy);
    this.findings = findings;
    this.stubsBlock = stubsBlock(node);
  }

  public void check() {
    for (MethodNode method : node.methods) {
      int line = 0;
      for (AbstractInsnNode insn : method.instructions) {
        line = insn instanceof LineNumberNode number ? number.line : line;
        if (insn instanceof MethodInsnNode call && !call.owner.equals(node.name)) {
          if (Names.isTwin(call.desc)) {
            check(call, line);
          } else if (mustCallTwins(method)) {
            checkPlain(call, line);
          }
        }
      }
    }
  }

  /**
   * True for bodies. Plain calls of async methods are right elsewhere: in bridges, and where the
   * user says so; and in the bodies of a class whose stubs block.
   */
  private boolean mustCallTwins(MethodNode method) {
    return !stubsBlock && Names.isLambda(method.name) && Names.isTwin(method.desc);
  }

  private static boolean stubsBlock(ClassNode node) {
    for (MethodNode method : node.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof MethodInsnNode call
            && call.owner.equals(Names.LINKAGE)
            && call.name.equals("drive")) {
          return true;
        }
      }
    }
    return false;
  }

  private void checkPlain(MethodInsnNode call, int line) {
    MethodHeader callee =
        Calls.isPlatform(call.owner) ? null : hierarchy.resolve(call.owner, call.name, call.desc);
    if (styles.isDirect(callee)) {
      findings.error(
          line,
          Names.simple(call.owner)
              + "."
              + Names.readable(call.name, call.desc)
              + " is @Async, and was not when this class was compiled: compile this class again");
    }
  }

  private void check(MethodInsnNode call, int line) {
    Hierarchy.Entry entry = hierarchy.entry(call.owner);
    if (entry == null || call.owner.startsWith("io/treadle/continuation/")) {
      return; // nothing is known of it, or it is the linkage itself
    }
    boolean dispatched = call.name.endsWith(Names.dispatcher(""));
    String name =
        dispatched ? call.name.substring(0, call.name.length() - "$dispatch".length()) : call.name;
    String plain = Names.plain(call.desc);
    if (dispatched) {
      plain = "(" + plain.substring(plain.indexOf(';') + 1);
    }
    if (hierarchy.resolve(call.owner, call.name, call.desc) != null) {
      return;
    }
    MethodHeader user = hierarchy.resolve(call.owner, name, plain);
    String callee = Names.simple(call.owner) + "." + Names.readable(name, plain);
    if (user == null) {
      findings.error(
          line,
          callee
              + " is called here, and is no longer in "
              + entry.origin()
              + ": compile this class again");
    } else if (!user.async()) {
      findings.error(
          line,
          callee
              + " was @Async when this class was compiled, and is not in "
              + entry.origin()
              + ": compile this class again");
    } else if (!entry.woven()) {
      findings.error(
          line,
          callee
              + " is @Async, but its class is not woven in "
              + entry.origin()
              + ": weave that one first (treadle-maven-plugin in its build, or the command line of the"
              + " instrumenter on the jar)");
    }
  }
}
