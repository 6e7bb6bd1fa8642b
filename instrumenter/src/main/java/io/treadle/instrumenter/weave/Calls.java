package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.hierarchy.AsyncStyle;
import io.treadle.instrumenter.hierarchy.ClassHeader;
import io.treadle.instrumenter.hierarchy.Hierarchy;
import io.treadle.instrumenter.hierarchy.MethodHeader;
import io.treadle.instrumenter.hierarchy.Names;
import io.treadle.instrumenter.hierarchy.Styles;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Decides for each call of a class whether its callee is async, and what the call becomes. */
final class Calls {
  private final ClassNode owner;
  private final ClassHeader header;
  private final Hierarchy hierarchy;
  private final Styles styles;
  private final Findings findings;

  Calls(
      ClassNode owner, ClassHeader header, Hierarchy hierarchy, Styles styles, Findings findings) {
    this.owner = owner;
    this.header = header;
    this.hierarchy = hierarchy;
    this.styles = styles;
    this.findings = findings;
  }

  /**
   * The style of the method that a lambda or method reference implements; null if it is not async.
   */
  @Nullable AsyncStyle styleOf(LambdaSite site) {
    MethodHeader method = method(site);
    return method == null ? null : styles.of(method);
  }

  /** The method of the interface that a lambda or method reference implements. */
  @Nullable MethodHeader method(LambdaSite site) {
    return isPlatform(site.functional)
        ? null
        : hierarchy.resolve(site.functional, site.method(), site.sam.getDescriptor());
  }

  /** The async method of direct style that a call reaches; null for all other calls. */
  @Nullable MethodHeader callee(MethodInsnNode call) {
    return callee(call.owner, call.name, call.desc);
  }

  /** The async method of direct style that a method reference names; null for all others. */
  @Nullable MethodHeader callee(Handle reference) {
    return callee(reference.getOwner(), reference.getName(), reference.getDesc());
  }

  private @Nullable MethodHeader callee(String of, String name, String descriptor) {
    if (name.startsWith("<") || isPlatform(of)) {
      return null;
    }
    MethodHeader method = hierarchy.resolve(of, name, descriptor);
    return styles.isDirect(method) ? method : null;
  }

  /** True for the classes of Java itself, which are never async: they need not be read. */
  static boolean isPlatform(String owner) {
    return owner.startsWith("java/");
  }

  /**
   * What a call in an async body becomes; null if it stays as it is.
   *
   * @param line for messages about the callee's class
   */
  @Nullable TwinCall twin(MethodInsnNode call, int line) {
    MethodHeader method = callee(call);
    if (method == null || !isWoven(method, line)) {
      return null;
    }
    String twin = Names.twin(call.desc);
    if (method.isStatic() && method.owner().equals(owner.name) && hasBody(method)) {
      return new TwinCall(
          Opcodes.INVOKESTATIC,
          owner.name,
          bodyName(method.name(), method.descriptor()),
          twin,
          (owner.access & Opcodes.ACC_INTERFACE) != 0);
    }
    boolean dispatched =
        (call.getOpcode() == Opcodes.INVOKEINTERFACE
                || call.getOpcode() == Opcodes.INVOKEVIRTUAL && isOfInterface(method))
            && method.isVirtual()
            && method.forwardsTo() == null
            && hierarchy.canName(method.owner(), owner.name);
    if (dispatched) {
      return new TwinCall(
          Opcodes.INVOKESTATIC,
          method.owner(),
          Names.dispatcher(method.name()),
          "(L" + method.owner() + ";" + twin.substring(1),
          true);
    }
    return new TwinCall(call.getOpcode(), call.owner, call.name, twin, call.itf);
  }

  /**
   * The name of the body of a method of this class. A lambda keeps its name, unless the predicate
   * chose it: then it has a twin too. A static method whose parameters are those of an instance
   * method and its receiver gets a name of its own.
   */
  String bodyName(String name, String descriptor) {
    MethodHeader method = header.method(name, descriptor);
    if (method == null || !method.async()) {
      return Names.bodyName(name);
    }
    String own = "lambda$" + name + Names.BODY_END;
    String receiver = "(" + Names.receiver(header.name(), header.isInterface(), name);
    if (method.isStatic() && descriptor.startsWith(receiver)) {
      MethodHeader other = header.method(name, "(" + descriptor.substring(receiver.length()));
      if (other != null && other.async() && !other.isStatic()) {
        return own + "$static";
      }
    }
    return own;
  }

  private boolean isOfInterface(MethodHeader method) {
    ClassHeader declaring = hierarchy.header(method.owner());
    return declaring != null && declaring.isInterface();
  }

  /** What the call of a bridge becomes in its twin. */
  @Nullable TwinCall virtualTwin(MethodInsnNode call) {
    return callee(call) == null
        ? null
        : new TwinCall(call.getOpcode(), call.owner, call.name, Names.twin(call.desc), call.itf);
  }

  /** False for what a bridge, an accessor or a hand-written twin stands for. */
  private boolean hasBody(MethodHeader method) {
    return method.forwardsTo() == null
        && !method.has(Opcodes.ACC_SYNCHRONIZED) // its twin takes the lock
        && owner.methods.stream()
            .noneMatch(
                m ->
                    m.name.equals(method.name()) && m.desc.equals(Names.twin(method.descriptor())));
  }

  /** True if the class of a method has its twin; if not, that is an error. */
  boolean isWoven(MethodHeader method, int line) {
    Hierarchy.Entry entry = hierarchy.entry(method.owner());
    if (entry == null) {
      return false;
    }
    String callee =
        Names.simple(method.owner()) + "." + Names.readable(method.name(), method.descriptor());
    ClassHeader header = entry.header();
    if (!entry.woven()) {
      findings.error(
          line,
          callee
              + " is @Async, but its class is not woven in "
              + entry.origin()
              + ": weave that one first (treadle-maven-plugin in its build, or the command line of the"
              + " instrumenter on the jar)");
      return false;
    }
    if (header.woven() > Names.VERSION) {
      findings.error(
          line,
          callee
              + " was woven for linkage "
              + header.woven()
              + " in "
              + entry.origin()
              + ", and this weaver knows linkages up to "
              + Names.VERSION
              + ": use a newer Treadle here");
      return false;
    }
    if (header.woven() > 0
        && header.method(method.name(), Names.twin(method.descriptor())) == null) {
      findings.error(
          line,
          callee
              + " is @Async, but "
              + entry.origin()
              + " was woven when it was not: build that one again");
      return false;
    }
    return true;
  }
}
