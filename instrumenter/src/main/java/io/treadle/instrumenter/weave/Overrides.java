package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import io.treadle.instrumenter.hierarchy.Names;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodNode;

/** Checks that methods keep the style of the methods that they override. */
final class Overrides {
  private final Subject subject;
  private final Set<MethodNode> unmarked = new HashSet<>();

  private Overrides(Subject subject) {
    this.subject = subject;
  }

  /** Returns the methods that should be {@code @Async} and are not. */
  static Set<MethodNode> check(Subject subject) {
    Overrides rule = new Overrides(subject);
    for (MethodNode method : subject.node.methods) {
      MethodHeader header = subject.header(method);
      if (header == null || header.forwardsTo() != null || !header.isVirtual()) {
        continue; // a bridge only follows the method that it forwards to
      }
      for (MethodHeader above : subject.styles.overriddenAsync(header)) {
        rule.check(method, header, above);
      }
    }
    return rule.unmarked;
  }

  private void check(MethodNode method, MethodHeader header, MethodHeader above) {
    AsyncStyle style = subject.styles.of(above);
    if (!header.async()) {
      if (style == AsyncStyle.DIRECT && unmarked.add(method)) {
        error(
            method,
            subject.named(method)
                + " overrides "
                + subject.named(above)
                + ", which is @Async: mark it @Async too");
      }
      return;
    }
    String returns = Type.getReturnType(method.desc).getInternalName();
    if (style == AsyncStyle.DIRECT && AsyncStyle.isFuture(returns)) {
      error(
          method,
          subject.named(method)
              + " returns "
              + Names.simple(returns)
              + ", which would make it future style, and it overrides "
              + subject.named(above)
              + ", which is direct style: return the value itself, or declare a future up there");
    }
  }

  private void error(MethodNode method, String message) {
    subject.findings.error(SourceLines.first(method), message);
  }
}
