package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.ClassHeader;
import io.treadle.instrumenter.hierarchy.Hierarchy;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import io.treadle.instrumenter.hierarchy.Names;
import io.treadle.instrumenter.hierarchy.Styles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The class that the rules look at, as it is before its bodies are woven. */
final class Subject {
  /** Compilers write it for serializable lambdas; it repeats lambdas that are elsewhere. */
  private static final String DESERIALIZE = "$deserializeLambda$";

  final ClassNode node;
  final ClassHeader header;
  final Hierarchy hierarchy;
  final Styles styles;
  final Calls calls;
  final Findings findings;

  /** What is woven: methods of the user and lambdas, with their styles. */
  final Map<MethodNode, AsyncStyle> async;

  /** Every lambda and method reference. */
  final List<LambdaUse> lambdas = new ArrayList<>();

  /** Methods that bear {@code @PlainCalls}, and the lambdas inside them. */
  private final Set<MethodNode> exempt = new HashSet<>();

  Subject(
      ClassNode node,
      ClassHeader header,
      Hierarchy hierarchy,
      Styles styles,
      Calls calls,
      Map<MethodNode, AsyncStyle> async,
      Findings findings) {
    this.node = node;
    this.header = header;
    this.hierarchy = hierarchy;
    this.styles = styles;
    this.calls = calls;
    this.async = async;
    this.findings = findings;
    node.methods.stream().filter(m -> !m.name.equals(DESERIALIZE)).forEach(this::findLambdas);
    findExempt();
  }

  private void findLambdas(MethodNode method) {
    SourceLines.walk(
        method,
        (insn, line) -> {
          LambdaSite site =
              insn instanceof InvokeDynamicInsnNode dynamic ? LambdaSite.of(dynamic) : null;
          if (site != null) {
            lambdas.add(new LambdaUse(method, line, site, calls.styleOf(site)));
          }
        });
  }

  private void findExempt() {
    Deque<MethodNode> todo = new ArrayDeque<>();
    node.methods.stream().filter(m -> Rules.hasAnnotation(m, Names.PLAIN_CALLS)).forEach(todo::add);
    while (!todo.isEmpty()) {
      MethodNode method = todo.remove();
      if (exempt.add(method)) {
        lambdas.stream()
            .filter(use -> use.in() == method)
            .map(this::lambdaBody)
            .filter(body -> body != null)
            .forEach(todo::add);
      }
    }
  }

  boolean isExempt(MethodNode method) {
    return exempt.contains(method);
  }

  boolean isAsync(MethodNode method) {
    return async.containsKey(method);
  }

  /** The method that has a lambda's code; null for a method reference. */
  @Nullable MethodNode lambdaBody(LambdaUse use) {
    return use.site().hasLambdaBody(node)
        ? method(use.site().implementation.getName(), use.site().implementation.getDesc())
        : null;
  }

  @Nullable MethodNode method(String name, String descriptor) {
    return node.methods.stream()
        .filter(m -> m.name.equals(name) && m.desc.equals(descriptor))
        .findFirst()
        .orElse(null);
  }

  @Nullable MethodHeader header(MethodNode method) {
    return header.method(method.name, method.desc);
  }

  /** True if a call starts a body and gives a future of it. */
  boolean isFutureStyle(MethodInsnNode call) {
    return isFutureStyle(call.owner, call.name, call.desc);
  }

  boolean isFutureStyle(String owner, String name, String descriptor) {
    MethodHeader callee =
        Calls.isPlatform(owner) ? null : hierarchy.resolve(owner, name, descriptor);
    return callee != null && styles.of(callee) == AsyncStyle.FUTURE;
  }

  /** True for the internal name of a {@code CompletionStage}. */
  boolean isStage(String type) {
    return AsyncStyle.isFuture(type)
        || hierarchy.isSubtype(type, "java/util/concurrent/CompletionStage");
  }

  /** A method as messages name it; its class is left out when that is this one. */
  String named(String owner, String name, String descriptor) {
    String readable = Names.readable(name, descriptor);
    return owner.equals(node.name) ? readable : Names.simple(owner) + "." + readable;
  }

  String named(MethodHeader method) {
    return named(method.owner(), method.name(), method.descriptor());
  }

  String named(MethodNode method) {
    return named(node.name, method.name, method.desc);
  }
}
