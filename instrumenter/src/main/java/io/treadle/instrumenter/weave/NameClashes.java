package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.Names;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Checks that no method of the user has the name and parameters of one that weaving adds. */
final class NameClashes {
  private NameClashes() {}

  static void check(ClassNode node, List<MethodNode> added, Findings findings) {
    Map<String, MethodNode> own = new HashMap<>();
    node.methods.forEach(m -> own.put(m.name + m.desc, m));
    for (MethodNode method : added) {
      MethodNode user = own.get(method.name + method.desc);
      if (user != null) {
        findings.error(
            SourceLines.first(user),
            Names.readable(user.name, user.desc)
                + " has the name and parameters of a method that weaving adds"
                + (Names.isTwin(user.desc)
                    ? ", the twin of " + Names.readable(user.name, Names.plain(user.desc))
                    : "")
                + ": rename it");
      }
    }
  }
}
