package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.ClassHeader;
import io.treadle.instrumenter.hierarchy.Hierarchy;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import io.treadle.instrumenter.hierarchy.Names;
import io.treadle.instrumenter.hierarchy.Styles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/** Weaves the methods of one class. */
public final class ClassWeaver {
  private final ClassNode node;
  private final ClassHeader header;
  private final Hierarchy hierarchy;
  private final Styles styles;
  private final StubPolicy stubs;
  private final Findings findings;
  private final TwinWriter writer;
  private final Calls calls;

  /**
   * The methods of this class that are woven, with their styles; lambdas that async interfaces make
   * async too.
   */
  private final Map<MethodNode, AsyncStyle> async = new LinkedHashMap<>();

  /** Lambda bodies that an interface which is not async uses. */
  private final Set<String> plainLambdas = new HashSet<>();

  /** Of method references, by the lambda that each became: what the compiler wrote. */
  private final Map<String, Handle> compiled = new HashMap<>();

  /** Of bodies, the methods of the user; names and descriptors. */
  private final Map<String, String> originals = new HashMap<>();

  private final List<MethodNode> added = new ArrayList<>();
  private boolean changed;

  public ClassWeaver(
      ClassNode node,
      ClassHeader header,
      Hierarchy hierarchy,
      StubPolicy stubs,
      Findings findings) {
    this.node = node;
    this.header = header;
    this.hierarchy = hierarchy;
    this.styles = new Styles(hierarchy);
    this.stubs = stubs;
    this.findings = findings;
    this.writer = new TwinWriter(node, stubs);
    this.calls = new Calls(node, header, hierarchy, styles, findings);
  }

  /**
   * Changes the class.
   *
   * @param serialVersion computes the default version of the unwoven class
   * @return false if there was nothing to weave
   */
  public boolean weave(SerialVersion serialVersion) {
    findAsyncMethods();
    findLambdas();
    Rules.check(new Subject(node, header, hierarchy, styles, calls, async, findings), stubs);
    for (MethodNode method : List.copyOf(node.methods)) {
      AsyncStyle style = async.get(method);
      MethodHeader own = header.method(method.name, method.desc);
      if (style == AsyncStyle.DIRECT) {
        weaveDirect(method);
      } else if (style == AsyncStyle.FUTURE) {
        weaveFuture(method);
      } else if (own != null && own.forwardsTo() != null && styles.isDirect(own)) {
        weaveForwarder(method, own);
      }
    }
    declareInheritedTwins();
    NameClashes.check(node, added, findings);
    node.methods.addAll(added);
    rewriteLambdaSites();
    if (changed && !findings.hasErrors()) {
      mark(serialVersion);
    }
    return changed;
  }

  /** From the bodies to the methods of the user; names and descriptors. */
  public Map<String, String> originals() {
    return originals;
  }

  // ------------------------------------------------------------------ what is async

  private void findAsyncMethods() {
    for (MethodNode method : node.methods) {
      MethodHeader own = header.method(method.name, method.desc);
      AsyncStyle style = own == null || own.forwardsTo() != null ? null : styles.of(own);
      if (style != null) {
        async.put(method, style);
      }
    }
  }

  private void findLambdas() {
    MethodReferences references = new MethodReferences(node);
    List<MethodNode> made = new ArrayList<>();
    for (MethodNode method : node.methods) {
      int line = 0;
      for (AbstractInsnNode insn : method.instructions) {
        line = insn instanceof LineNumberNode number ? number.line : line;
        LambdaSite site =
            insn instanceof InvokeDynamicInsnNode dynamic ? LambdaSite.of(dynamic) : null;
        if (site == null) {
          continue;
        }
        AsyncStyle style = calls.styleOf(site);
        if (style == null) {
          if (site.hasLambdaBody(node)) {
            plainLambdas.add(site.implementation.getName() + site.implementation.getDesc());
          }
        } else if (site.hasLambdaBody(node)) {
          async.putIfAbsent(lambda(site.implementation), style);
        } else if (style == AsyncStyle.DIRECT) {
          MethodNode lambda = references.toLambda(site, method, line);
          compiled.put(lambda.name, site.implementation);
          made.add(lambda);
          async.put(lambda, style);
        }
      }
    }
    node.methods.addAll(made);
  }

  private MethodNode lambda(Handle implementation) {
    return node.methods.stream()
        .filter(
            m -> m.name.equals(implementation.getName()) && m.desc.equals(implementation.getDesc()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no method " + implementation));
  }

  // ------------------------------------------------------------------ weaving methods

  private void weaveDirect(MethodNode method) {
    changed = true;
    boolean isLambda = Names.isLambda(method.name);
    if ((method.access & Opcodes.ACC_ABSTRACT) != 0) {
      added.add(writer.abstractTwin(method));
      addDispatcher(method);
      return;
    }
    MethodNode written = HandWritten.twinOf(node, method);
    if (written != null) {
      weaveHandWritten(method, written);
      return;
    }
    MethodNode body = writer.body(method, bodyName(method));
    TwinCall target = bodyCall(body);
    if (!weaveBody(method, body)) {
      return;
    }
    added.add(body);
    if (isLambda && async.containsKey(method) && !isUserMethod(method)) {
      if (!plainLambdas.contains(method.name + method.desc)) {
        node.methods.remove(method);
      }
      return;
    }
    added.add(writer.twin(method, target));
    addDispatcher(method);
    writer.directStub(method, target);
  }

  /** False for the body of a lambda, which only its lambda reaches. */
  private boolean isUserMethod(MethodNode method) {
    return isUserMethod(method.name, method.desc);
  }

  private boolean isUserMethod(String name, String descriptor) {
    MethodHeader own = header.method(name, descriptor);
    return own != null && own.async();
  }

  private String bodyName(MethodNode method) {
    return calls.bodyName(method.name, method.desc);
  }

  private void addDispatcher(MethodNode method) {
    boolean virtual = (method.access & (Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) == 0;
    if (header.isInterface() && virtual) {
      added.add(writer.dispatcher(method));
    }
  }

  private void weaveHandWritten(MethodNode method, MethodNode written) {
    TwinCall twin =
        new TwinCall(Opcodes.INVOKESTATIC, node.name, written.name, written.desc, false);
    if ((written.access & Opcodes.ACC_NATIVE) != 0) {
      MethodInsnNode forwarded = TwinWriter.forwardedCall(method);
      TwinCall target = forwarded == null ? null : calls.twin(forwarded, 0);
      if (target == null) {
        findings.error(
            0, method.name + " declares its twin, so it must only forward an async call");
        return;
      }
      node.methods.remove(written);
      MethodNode forwarder = writer.forwarder(method, target);
      added.add(forwarder);
    } else {
      written.access |= Opcodes.ACC_SYNTHETIC;
    }
    writer.directStub(method, twin);
  }

  private void weaveFuture(MethodNode method) {
    if ((method.access & Opcodes.ACC_ABSTRACT) != 0) {
      return;
    }
    changed = true;
    MethodNode body = writer.body(method, bodyName(method));
    if (weaveBody(method, body)) {
      added.add(body);
      writer.futureStub(method, bodyCall(body));
    }
  }

  private void weaveForwarder(MethodNode method, MethodHeader own) {
    MethodInsnNode forwarded = TwinWriter.forwardedCall(method);
    TwinCall target = forwarded == null ? null : calls.virtualTwin(forwarded);
    if (target != null) {
      changed = true;
      added.add(writer.forwarder(method, target));
    }
  }

  private TwinCall bodyCall(MethodNode body) {
    return new TwinCall(
        Opcodes.INVOKESTATIC, node.name, body.name, body.desc, header.isInterface());
  }

  private boolean weaveBody(MethodNode method, MethodNode body) {
    originals.put(body.name + body.desc, method.name + method.desc);
    Map<AbstractInsnNode, TwinCall> points = new IdentityHashMap<>();
    int line = 0;
    for (AbstractInsnNode insn : body.instructions) {
      line = insn instanceof LineNumberNode number ? number.line : line;
      TwinCall twin = insn instanceof MethodInsnNode call ? calls.twin(call, line) : null;
      if (twin != null) {
        points.put(insn, twin);
      }
    }
    if ((method.access & Opcodes.ACC_SYNCHRONIZED) != 0 && !points.isEmpty()) {
      if (stubs == StubPolicy.DRIVE) {
        points.clear();
      } else {
        findings.error(
            Rules.firstLine(method),
            "synchronized method "
                + Names.readable(method.name, method.desc)
                + " may suspend, and a monitor belongs to a thread: drop synchronized and confine the state to the"
                + " event loop, or lock only where nothing suspends");
        return false;
      }
    }
    String resume = resumeName(body);
    BodyWeaver weaver =
        new BodyWeaver(
            node.name,
            body,
            points,
            hierarchy,
            writer.resumeHandle(resume),
            method.name,
            node.sourceFile,
            stubs);
    try {
      weaver.weave(findings);
    } catch (AnalyzerException e) {
      findings.error(
          Rules.firstLine(method),
          Names.readable(method.name, method.desc)
              + " cannot be woven: "
              + ("JSR".equals(e.getMessage())
                  ? "it uses the JSR instruction; compile it for Java 7 or later"
                  : e.getMessage()));
      return false;
    }
    added.add(weaver.points() > 0 ? writer.resume(body, resume) : writer.resumeNowhere(resume));
    return true;
  }

  private final Map<String, Integer> resumeNames = new HashMap<>();

  private String resumeName(MethodNode body) {
    String name = "resume$" + body.name;
    int count = resumeNames.merge(name, 1, Integer::sum);
    return count == 1 ? name : name + "$" + count;
  }

  // ------------------------------------------------------------------ inherited twins

  /**
   * A type that inherits two twins of one signature declares its own, which decides for the plain
   * method.
   */
  private void declareInheritedTwins() {
    Map<String, List<MethodHeader>> inherited = new LinkedHashMap<>();
    for (ClassHeader i : hierarchy.superinterfaces(node.name)) {
      for (MethodHeader method : i.methods().values()) {
        if (method.isVirtual() && styles.isDirect(method)) {
          inherited
              .computeIfAbsent(method.name() + method.descriptor(), k -> new ArrayList<>())
              .add(method);
        }
      }
    }
    for (List<MethodHeader> same : inherited.values()) {
      MethodHeader method = same.get(0);
      if (isConflict(same) && !inheritsFromClass(method) && !declares(method)) {
        changed = true;
        MethodNode plain =
            new MethodNode(
                Opcodes.ASM9, Opcodes.ACC_PUBLIC, method.name(), method.descriptor(), null, null);
        added.add(writer.abstractTwin(plain));
      }
    }
  }

  private boolean declares(MethodHeader method) {
    return added.stream()
        .anyMatch(
            m -> m.name.equals(method.name()) && m.desc.equals(Names.twin(method.descriptor())));
  }

  private boolean isConflict(List<MethodHeader> same) {
    return same.stream()
            .filter(
                m ->
                    same.stream()
                        .noneMatch(
                            o ->
                                o != m
                                    && !o.owner().equals(m.owner())
                                    && hierarchy.isSubtype(o.owner(), m.owner())))
            .count()
        > 1;
  }

  private boolean inheritsFromClass(MethodHeader method) {
    for (ClassHeader c = header; c != null; ) {
      MethodHeader found = c.method(method.name(), method.descriptor());
      if (found != null && styles.isDirect(found) && !c.isInterface()) {
        return true;
      }
      c = c.superName() == null ? null : hierarchy.header(c.superName());
    }
    return false;
  }

  // ------------------------------------------------------------------ lambda sites

  private void rewriteLambdaSites() {
    SerializedForms serialized = new SerializedForms();
    for (MethodNode method : node.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        LambdaSite site =
            insn instanceof InvokeDynamicInsnNode dynamic ? LambdaSite.of(dynamic) : null;
        if (site == null || calls.styleOf(site) != AsyncStyle.DIRECT) {
          continue;
        }
        changed = true;
        Handle plain = site.implementation;
        boolean isStatic = plain.getTag() == Opcodes.H_INVOKESTATIC;
        Handle body =
            new Handle(
                Opcodes.H_INVOKESTATIC,
                node.name,
                calls.bodyName(plain.getName(), plain.getDesc()),
                Names.body("L" + node.name + ";", isStatic, plain.getDesc()),
                header.isInterface());
        String implemented = site.weave(node.name, body, stubs);
        if (site.isSerializable()) {
          Handle written = compiled.getOrDefault(plain.getName(), plain);
          serialized.add(site, written, body, implemented);
        }
      }
    }
    serialized.adapt(node);
  }

  // ------------------------------------------------------------------ the class

  private void mark(SerialVersion serialVersion) {
    AnnotationNode woven = new AnnotationNode(Names.WOVEN);
    woven.values = new ArrayList<>(List.of("value", Names.VERSION));
    if (node.invisibleAnnotations == null) {
      node.invisibleAnnotations = new ArrayList<>();
    }
    node.invisibleAnnotations.add(woven);
    boolean computed = (node.access & (Opcodes.ACC_ENUM | Opcodes.ACC_RECORD)) == 0;
    int visibility = header.isInterface() ? Opcodes.ACC_PUBLIC : Opcodes.ACC_PRIVATE;
    if (computed
        && !header.declaresSerialVersion()
        && hierarchy.isSubtype(node.name, "java/io/Serializable")) {
      node.fields.add(
          new FieldNode(
              visibility | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC,
              "serialVersionUID",
              "J",
              null,
              serialVersion.compute()));
    }
  }

  /** Computes the default serial version. */
  public interface SerialVersion {
    long compute();
  }

  /** Twins that stand in the source of the runtime. */
  private static final class HandWritten {
    static @Nullable MethodNode twinOf(ClassNode node, MethodNode method) {
      for (MethodNode candidate : node.methods) {
        if (candidate.name.equals(method.name)
            && candidate.desc.equals(Names.twin(method.desc))
            && Rules.hasAnnotation(candidate, Names.TWIN)) {
          return candidate;
        }
      }
      return null;
    }
  }
}
