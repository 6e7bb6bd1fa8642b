package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.Names;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Writes a woven class, and checks that its bodies have not grown beyond what the JVM can take. */
public final class BodySizes {
  /** Methods with more code are never compiled by HotSpot. */
  private static final int COMPILED = 8000;

  private final ClassReader original;
  private final Map<String, String> originals;
  private final Findings findings;

  /**
   * @param originals from bodies to the methods of the user; names and descriptors
   */
  public BodySizes(ClassReader original, Map<String, String> originals, Findings findings) {
    this.original = original;
    this.originals = originals;
    this.findings = findings;
  }

  /** Returns null if the class cannot be written; it may have been changed. */
  public byte @Nullable [] write(ClassNode node) {
    boolean tooLarge = false;
    while (true) {
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      MethodNode cause;
      try {
        node.accept(writer);
        byte[] woven = writer.toByteArray();
        checkCompiled(node, woven);
        return tooLarge ? null : woven;
      } catch (ClassTooLargeException e) {
        findings.error(0, "the class has too many constants once it is woven: split it");
        return null;
      } catch (MethodTooLargeException e) {
        cause = method(node, e.getMethodName() + e.getDescriptor());
      }
      tooLarge = true;
      node.methods.remove(cause); // there may be others
      findings.error(
          SourceLines.first(cause),
          named(cause) + " has more than 65535 bytes of code once it is woven: split it");
    }
  }

  private static MethodNode method(ClassNode node, String key) {
    return node.methods.stream()
        .filter(m -> key.equals(m.name + m.desc))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(key));
  }

  private void checkCompiled(ClassNode node, byte[] woven) {
    if (woven.length <= COMPILED) {
      return;
    }
    Map<String, Integer> before = CodeSizes.of(original);
    Map<String, Integer> after = CodeSizes.of(new ClassReader(woven));
    for (MethodNode method : node.methods) {
      String key = method.name + method.desc;
      int size = after.getOrDefault(key, 0);
      Integer unwoven = before.get(originals.get(key));
      if (size > COMPILED && unwoven != null && unwoven <= COMPILED) {
        findings.warning(
            SourceLines.first(method),
            named(method)
                + " has "
                + size
                + " bytes of code once it is woven ("
                + unwoven
                + " before), and the JVM interprets methods of more than "
                + COMPILED
                + " and never compiles them: split it");
      }
    }
  }

  private String named(MethodNode body) {
    String user = originals.getOrDefault(body.name + body.desc, body.name + body.desc);
    String name = user.substring(0, user.indexOf('('));
    if (Names.isLambda(name)) {
      String[] parts = name.split("\\$");
      return parts.length > 2 ? "a lambda in " + parts[1] : "a lambda";
    }
    return Names.readable(name, user.substring(user.indexOf('(')));
  }
}
