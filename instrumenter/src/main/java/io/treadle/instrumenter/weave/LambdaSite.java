package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.hierarchy.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** An {@code invokedynamic} that makes a lambda or method reference, taken apart. */
final class LambdaSite {
  private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";
  private static final int SERIALIZABLE = 1;
  private static final int MARKERS = 2;
  private static final int BRIDGES = 4;

  final InvokeDynamicInsnNode insn;
  final String functional;
  final Type sam;
  final Handle implementation;
  final Type instantiated;
  private int flags;
  private final List<Type> markers = new ArrayList<>();
  private final List<Type> bridges = new ArrayList<>();

  private LambdaSite(InvokeDynamicInsnNode insn) {
    this.insn = insn;
    this.functional = Type.getReturnType(insn.desc).getInternalName();
    Object[] arguments = insn.bsmArgs;
    this.sam = (Type) arguments[0];
    this.implementation = (Handle) arguments[1];
    this.instantiated = (Type) arguments[2];
    if (arguments.length > 3) {
      readFlags(arguments);
    }
  }

  private void readFlags(Object[] arguments) {
    flags = (Integer) arguments[3];
    int next = 4;
    if ((flags & MARKERS) != 0) {
      int count = (Integer) arguments[next++];
      Arrays.stream(arguments, next, next + count).forEach(m -> markers.add((Type) m));
      next += count;
    }
    if ((flags & BRIDGES) != 0) {
      int count = (Integer) arguments[next++];
      Arrays.stream(arguments, next, next + count).forEach(b -> bridges.add((Type) b));
    }
  }

  /** Null for an {@code invokedynamic} of another kind. */
  static @Nullable LambdaSite of(InvokeDynamicInsnNode insn) {
    return insn.bsm.getOwner().equals(METAFACTORY) ? new LambdaSite(insn) : null;
  }

  String method() {
    return insn.name;
  }

  boolean isSerializable() {
    return (flags & SERIALIZABLE) != 0;
  }

  /**
   * True if the implementation is a lambda's body in this class, not a method that the user named.
   */
  boolean hasLambdaBody(ClassNode owner) {
    return implementation.getOwner().equals(owner.name)
        && Names.isLambda(implementation.getName())
        && owner.methods.stream().anyMatch(this::isLambdaBody);
  }

  private boolean isLambdaBody(MethodNode method) {
    return (method.access & Opcodes.ACC_SYNTHETIC) != 0
        && method.name.equals(implementation.getName())
        && method.desc.equals(implementation.getDesc());
  }

  void setImplementation(Handle handle) {
    insn.bsmArgs[1] = handle;
  }

  /**
   * Points the site at a woven body, through the sub-interface.
   *
   * @return the name of the sub-interface
   */
  String weave(String caller, Handle body, StubPolicy stubs) {
    List<String> plainBridges =
        bridges.stream()
            .map(Type::getDescriptor)
            .filter(b -> !b.equals(sam.getDescriptor()))
            .toList();
    SubInterface made =
        SubInterface.of(caller, functional, insn.name, sam.getDescriptor(), plainBridges, stubs);
    List<Object> arguments = new ArrayList<>();
    arguments.add(Names.VERSION);
    arguments.add(made.name().replace('/', '.'));
    arguments.add(made.content());
    arguments.add(twin(sam));
    arguments.add(body);
    arguments.add(twin(instantiated));
    arguments.add(flags & (SERIALIZABLE | MARKERS) | (plainBridges.isEmpty() ? 0 : BRIDGES));
    if (!markers.isEmpty()) {
      arguments.add(markers.size());
      arguments.addAll(markers);
    }
    if (!plainBridges.isEmpty()) {
      arguments.add(plainBridges.size());
      plainBridges.forEach(b -> arguments.add(Type.getMethodType(Names.twin(b))));
    }
    insn.bsm = Names.LAMBDA_BOOTSTRAP;
    insn.bsmArgs = arguments.toArray();
    return made.name();
  }

  private static Type twin(Type method) {
    return Type.getMethodType(Names.twin(method.getDescriptor()));
  }
}
