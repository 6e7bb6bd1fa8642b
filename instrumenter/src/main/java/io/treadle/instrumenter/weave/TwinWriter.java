package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.flow.StackMap;
import io.treadle.instrumenter.flow.VerificationType;
import io.treadle.instrumenter.hierarchy.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Writes the methods around a body: the stub (the method that the user wrote), the twin, the
 * dispatcher of an interface, and the method that enters the body again. None of them has line
 * numbers.
 */
final class TwinWriter {
  private static final String PROXY = "java/lang/reflect/Proxy";

  private final ClassNode owner;
  private final StubPolicy stubs;

  TwinWriter(ClassNode owner, StubPolicy stubs) {
    this.owner = owner;
    this.stubs = stubs;
  }

  private boolean isInterface() {
    return (owner.access & Opcodes.ACC_INTERFACE) != 0;
  }

  private static boolean isStatic(MethodNode method) {
    return (method.access & Opcodes.ACC_STATIC) != 0;
  }

  private VerificationType self() {
    return VerificationType.object(owner.name);
  }

  // ------------------------------------------------------------------ body and resume

  /** A copy of the user's method, as the static method whose last parameter is the coroutine. */
  MethodNode body(MethodNode method, String name) {
    MethodNode body =
        new MethodNode(
            Opcodes.ASM9,
            Opcodes.ACC_PRIVATE
                | Opcodes.ACC_STATIC
                | Opcodes.ACC_SYNTHETIC
                | method.access & Opcodes.ACC_STRICT,
            name,
            Names.body(receiver(method), isStatic(method), method.desc),
            null,
            null);
    method.accept(body);
    body.access = body.access & ~Opcodes.ACC_VARARGS;
    body.visibleAnnotations = null;
    body.invisibleAnnotations = null;
    body.visibleTypeAnnotations = null;
    body.invisibleTypeAnnotations = null;
    body.visibleParameterAnnotations = null;
    body.invisibleParameterAnnotations = null;
    body.visibleAnnotableParameterCount = 0;
    body.invisibleAnnotableParameterCount = 0;
    body.parameters = null;
    int parameters = (Type.getArgumentsAndReturnSizes(body.desc) >> 2) - 1;
    body.maxLocals = Math.max(body.maxLocals, parameters);
    if (!isStatic(method) && receiver(method).equals("Ljava/lang/Object;")) {
      body.instructions.insert(new Code().load(0).cast(owner.name).store(0).list);
      body.maxStack = Math.max(body.maxStack, 1);
    }
    return body;
  }

  private String receiver(MethodNode method) {
    return Names.receiver(owner.name, isInterface(), method.name);
  }

  /** Enters a body through its frame and keeps what it returns. */
  MethodNode resume(MethodNode body, String name) {
    Code code = new Code();
    Type[] parameters = Type.getArgumentTypes(body.desc);
    for (int i = 0; i < parameters.length - 1; i++) {
      code.dummy(parameters[i]);
    }
    code.load(0);
    code.call(Opcodes.INVOKESTATIC, owner.name, body.name, body.desc, isInterface());
    Type returns = Type.getReturnType(body.desc);
    String kept =
        switch (returns.getSort()) {
          case Type.VOID -> "";
          case Type.LONG, Type.FLOAT, Type.DOUBLE -> returns.getDescriptor();
          case Type.ARRAY, Type.OBJECT -> "Ljava/lang/Object;";
          default -> "I";
        };
    if (!kept.isEmpty()) {
      code.load(0);
      code.callStatic(Names.COROUTINE, "give", "(" + kept + Names.COROUTINE_DESC + ")V");
    }
    code.op(Opcodes.RETURN);
    return method(
        Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
        name,
        Names.RESUME_DESC,
        code);
  }

  /**
   * The same for a body that does not suspend: it only refuses the frames of another version of the
   * code, so that editing a body does not change which methods there are.
   */
  MethodNode resumeNowhere(String name) {
    Code code = new Code().load(0).constant(-1); // no version
    code.callVirtual(Names.COROUTINE, "enter", "(I)L" + Names.FRAME + ";");
    code.op(Opcodes.POP).op(Opcodes.RETURN);
    return method(
        Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
        name,
        Names.RESUME_DESC,
        code);
  }

  Handle resumeHandle(String name) {
    return new Handle(Opcodes.H_INVOKESTATIC, owner.name, name, Names.RESUME_DESC, isInterface());
  }

  // ------------------------------------------------------------------ stubs

  /** Makes the user's method of direct style a stub for what runs it. */
  void directStub(MethodNode method, TwinCall body) {
    Code code = new Code();
    int first = isStatic(method) ? 0 : 1;
    int coroutine = (Type.getArgumentsAndReturnSizes(method.desc) >> 2) - (1 - first);
    Type returns = Type.getReturnType(method.desc);
    writeStub(code, method, body, first, coroutine, returns);
    replaceCode(method, code);
  }

  private void writeStub(
      Code code, MethodNode method, TwinCall body, int first, int coroutine, Type returns) {
    if (stubs == StubPolicy.REFUSE) {
      code.constant(owner.name.replace('/', '.')).constant(method.name + method.desc);
      code.callStatic(
          Names.LINKAGE, "stub", "(Ljava/lang/String;Ljava/lang/String;)" + Names.COROUTINE_DESC);
    } else {
      code.callStatic(Names.LINKAGE, "drive", "()" + Names.COROUTINE_DESC);
    }
    code.store(coroutine);
    callBody(code, body, first, method.desc, coroutine);
    if (stubs == StubPolicy.DRIVE) {
      LabelNode done = new LabelNode();
      StackMap map = parameters(method).local(coroutine, coroutineType());
      if (returns != Type.VOID_TYPE) {
        map.push(VerificationType.of(returns));
      }
      code.load(coroutine).getField(Names.COROUTINE, "status", "I").jump(Opcodes.IFEQ, done);
      code.pop(returns).load(coroutine);
      code.callStatic(Names.LINKAGE, "drive", "(" + Names.COROUTINE_DESC + ")V");
      code.load(coroutine);
      take(code, returns);
      code.label(done).stackMap(map);
    }
    code.returns(returns);
  }

  private static VerificationType coroutineType() {
    return VerificationType.object(Names.COROUTINE);
  }

  private static void take(Code code, Type returns) {
    switch (returns.getSort()) {
      case Type.VOID -> code.callVirtual(Names.COROUTINE, "takeVoid", "()V");
      case Type.LONG -> code.callVirtual(Names.COROUTINE, "takeLong", "()J");
      case Type.FLOAT -> code.callVirtual(Names.COROUTINE, "takeFloat", "()F");
      case Type.DOUBLE -> code.callVirtual(Names.COROUTINE, "takeDouble", "()D");
      case Type.ARRAY, Type.OBJECT ->
          code.callVirtual(Names.COROUTINE, "takeRef", "()Ljava/lang/Object;")
              .cast(returns.getInternalName());
      default -> code.callVirtual(Names.COROUTINE, "takeInt", "()I");
    }
  }

  private static void callBody(
      Code code, TwinCall body, int first, String descriptor, int coroutine) {
    if (first == 1) {
      code.load(0);
    }
    code.loadParameters(Type.getArgumentTypes(descriptor), first);
    code.load(coroutine);
    code.call(body.opcode(), body.owner(), body.name(), body.descriptor(), body.isInterface());
  }

  /** Makes the user's method of future style start its body and return the future. */
  void futureStub(MethodNode method, TwinCall body) {
    int first = isStatic(method) ? 0 : 1;
    int coroutine = (Type.getArgumentsAndReturnSizes(method.desc) >> 2) - (1 - first);
    Type returns = Type.getReturnType(method.desc);
    LabelNode start = new LabelNode();
    LabelNode end = new LabelNode();
    LabelNode failed = new LabelNode();
    Code code = new Code();
    code.constant(returns);
    code.callStatic(Names.LINKAGE, "begin", "(Ljava/lang/Class;)L" + Names.FUTURE_BODY + ";");
    code.store(coroutine).label(start);
    callBody(code, body, first, method.desc, coroutine);
    code.label(end).load(coroutine).op(Opcodes.SWAP);
    code.callVirtual(Names.FUTURE_BODY, "returned", "(Ljava/lang/Object;)Ljava/lang/Object;");
    code.cast(returns.getInternalName()).op(Opcodes.ARETURN);
    code.label(failed)
        .stackMap(
            parameters(method)
                .local(coroutine, VerificationType.object(Names.FUTURE_BODY))
                .push(VerificationType.object("java/lang/Throwable")));
    code.load(coroutine).op(Opcodes.SWAP);
    code.callVirtual(Names.FUTURE_BODY, "failed", "(Ljava/lang/Throwable;)Ljava/lang/Object;");
    code.cast(returns.getInternalName()).op(Opcodes.ARETURN);
    replaceCode(method, code);
    method.tryCatchBlocks.add(new TryCatchBlockNode(start, end, failed, null));
  }

  /** The parameters as they are at the entry, for stack maps. */
  private StackMap parameters(MethodNode method) {
    StackMap map = new StackMap();
    int variable = 0;
    if (!isStatic(method)) {
      map.local(variable++, self());
    }
    for (Type type : Type.getArgumentTypes(method.desc)) {
      map.local(variable, VerificationType.of(type));
      variable += type.getSize();
    }
    return map;
  }

  private void replaceCode(MethodNode method, Code code) {
    List<LocalVariableNode> kept = new ArrayList<>();
    int parameters =
        (Type.getArgumentsAndReturnSizes(method.desc) >> 2) - (isStatic(method) ? 1 : 0);
    LabelNode from = new LabelNode();
    LabelNode to = new LabelNode();
    List<LocalVariableNode> all = method.localVariables == null ? List.of() : method.localVariables;
    boolean[] named = new boolean[parameters];
    for (LocalVariableNode variable : all) {
      if (variable.index < parameters && !named[variable.index]) {
        named[variable.index] = true;
        kept.add(
            new LocalVariableNode(
                variable.name, variable.desc, variable.signature, from, to, variable.index));
      }
    }
    method.instructions.clear();
    method.instructions.add(from);
    method.instructions.add(code.list);
    method.instructions.add(to);
    method.tryCatchBlocks = new ArrayList<>();
    method.localVariables = kept;
    method.visibleLocalVariableAnnotations = null;
    method.invisibleLocalVariableAnnotations = null;
    if (method.invisibleAnnotations == null) {
      method.invisibleAnnotations = new ArrayList<>();
    }
    method.invisibleAnnotations.add(new AnnotationNode(Names.STUB_MARK));
  }

  // ------------------------------------------------------------------ twins

  private int twinAccess(MethodNode method) {
    int kept =
        Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED | Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC;
    // A bridge, so that mock makers leave it alone. But Byte Buddy cannot make a subtype that has
    // to
    // show a bridge of a package-private interface to others; there, the dispatcher asks instead.
    int bridge = isStatic(method) || isHiddenInterface() ? 0 : Opcodes.ACC_BRIDGE;
    return method.access & kept | Opcodes.ACC_SYNTHETIC | bridge;
  }

  private boolean isHiddenInterface() {
    return isInterface() && (owner.access & Opcodes.ACC_PUBLIC) == 0;
  }

  /** The twin of a method that has a body. */
  MethodNode twin(MethodNode method, TwinCall body) {
    String descriptor = Names.twin(method.desc);
    int first = isStatic(method) ? 0 : 1;
    int coroutine = (Type.getArgumentsAndReturnSizes(method.desc) >> 2) - (1 - first);
    Type returns = Type.getReturnType(method.desc);
    Code code = new Code();
    MethodNode twin = method(twinAccess(method), method.name, descriptor, code);
    boolean overridable = !isStatic(method) && (method.access & Opcodes.ACC_PRIVATE) == 0;
    LabelNode plain = new LabelNode();
    if (overridable) {
      askAboutReceiver(method, parameters(twin), coroutine, plain, code);
    }
    if ((method.access & Opcodes.ACC_SYNCHRONIZED) != 0) {
      callLocked(twin, method, body, code, coroutine, returns);
    } else {
      callBody(code, body, first, method.desc, coroutine);
      code.returns(returns);
    }
    if (overridable) {
      code.label(plain).stackMap(parameters(twin));
      callPlain(twin, method, code);
    }
    twin.instructions = code.list;
    return twin;
  }

  /**
   * Goes on if the body is to be called, in the coroutine of the parameter; jumps if the plain
   * method is. For an object of exactly this class, the common case, a comparison says so, unless
   * there are mocks which are such objects; else a call site is asked.
   */
  private void askAboutReceiver(
      MethodNode method, StackMap parameters, int coroutine, LabelNode plain, Code code) {
    boolean hasDynamicConstants = (owner.version & 0xFFFF) >= Opcodes.V11;
    LabelNode body = new LabelNode();
    if (hasDynamicConstants && !isInterface()) {
      code.load(0).callVirtual("java/lang/Object", "getClass", "()Ljava/lang/Class;");
      code.constant(
          new ConstantDynamic("direct", "Ljava/lang/Class;", Names.DIRECT_RECEIVERS_BOOTSTRAP));
      code.jump(Opcodes.IF_ACMPEQ, body);
    }
    code.load(0).load(coroutine);
    askSite(method, Names.INTERCEPT_BOOTSTRAP, code);
    code.op(Opcodes.DUP).store(coroutine).jump(Opcodes.IFNULL, plain);
    if (hasDynamicConstants && !isInterface()) {
      code.label(body).stackMap(parameters);
    }
  }

  private static Code askSite(MethodNode method, Handle bootstrap, Code code) {
    return code.dynamic(
        method.name,
        "(Ljava/lang/Object;" + Names.COROUTINE_DESC + ")" + Names.COROUTINE_DESC,
        bootstrap,
        Names.VERSION,
        Type.getMethodType(method.desc));
  }

  /** Calls the body of a synchronized method, which has no suspension point. */
  private void callLocked(
      MethodNode twin, MethodNode method, TwinCall body, Code code, int coroutine, Type returns) {
    LabelNode start = new LabelNode();
    LabelNode end = new LabelNode();
    LabelNode failed = new LabelNode();
    lock(method, code).op(Opcodes.MONITORENTER).label(start);
    callBody(code, body, isStatic(method) ? 0 : 1, method.desc, coroutine);
    lock(method, code).op(Opcodes.MONITOREXIT).label(end).returns(returns);
    code.label(failed)
        .stackMap(parameters(twin).push(VerificationType.object("java/lang/Throwable")));
    lock(method, code).op(Opcodes.MONITOREXIT).op(Opcodes.ATHROW);
    twin.tryCatchBlocks.add(new TryCatchBlockNode(start, end, failed, null));
  }

  private Code lock(MethodNode method, Code code) {
    return isStatic(method) ? code.constant(Type.getObjectType(owner.name)) : code.load(0);
  }

  /**
   * The twin of an abstract method: it calls the original, which an unwoven class may implement.
   */
  MethodNode abstractTwin(MethodNode method) {
    Code code = new Code();
    MethodNode twin = method(twinAccess(method), method.name, Names.twin(method.desc), code);
    callPlain(twin, method, code);
    twin.instructions = code.list;
    return twin;
  }

  /** Calls the user's method of the same object, virtually, and returns what it returns. */
  private void callPlain(MethodNode in, MethodNode method, Code code) {
    Type returns = Type.getReturnType(method.desc);
    LabelNode start = new LabelNode();
    LabelNode end = new LabelNode();
    LabelNode failed = new LabelNode();
    code.load(0).constant(method.name + method.desc);
    code.callStatic(Names.LINKAGE, "plain", "(Ljava/lang/Object;Ljava/lang/String;)V");
    code.label(start).load(0).loadParameters(Type.getArgumentTypes(method.desc), 1);
    code.call(
        isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL,
        owner.name,
        method.name,
        method.desc,
        isInterface());
    code.label(end).callStatic(Names.LINKAGE, "plainEnd", "()V").returns(returns);
    code.label(failed)
        .stackMap(parameters(in).push(VerificationType.object("java/lang/Throwable")));
    code.callStatic(Names.LINKAGE, "plainEnd", "()V").op(Opcodes.ATHROW);
    in.tryCatchBlocks.add(new TryCatchBlockNode(start, end, failed, null));
  }

  /**
   * The static method through which calls of an interface method go: a JDK proxy gets the plain
   * call.
   */
  MethodNode dispatcher(MethodNode method) {
    String twin = Names.twin(method.desc);
    Type returns = Type.getReturnType(method.desc);
    LabelNode start = new LabelNode();
    LabelNode end = new LabelNode();
    LabelNode conflict = new LabelNode();
    LabelNode plain = new LabelNode();
    Code code = new Code();
    MethodNode dispatcher =
        method(
            Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
            Names.dispatcher(method.name),
            "(L" + owner.name + ";" + twin.substring(1),
            code);
    if (isHiddenInterface()) {
      code.load(0).load((Type.getArgumentsAndReturnSizes(dispatcher.desc) >> 2) - 2);
      askSite(method, Names.DISPATCH_BOOTSTRAP, code).jump(Opcodes.IFNULL, plain);
    }
    code.load(0);
    code.list.add(new TypeInsnNode(Opcodes.INSTANCEOF, PROXY));
    code.jump(Opcodes.IFNE, plain).label(start).load(0);
    code.loadParameters(Type.getArgumentTypes(twin), 1);
    code.call(Opcodes.INVOKEINTERFACE, owner.name, method.name, twin, true);
    code.label(end).returns(returns);
    String error = "java/lang/IncompatibleClassChangeError";
    code.label(conflict).stackMap(parameters(dispatcher).push(VerificationType.object(error)));
    code.load(0).op(Opcodes.SWAP).constant(method.name).constant(Type.getMethodType(method.desc));
    code.callStatic(
        Names.LINKAGE,
        "conflict",
        "(Ljava/lang/Object;L" + error + ";Ljava/lang/String;Ljava/lang/invoke/MethodType;)V");
    code.label(plain).stackMap(parameters(dispatcher));
    callPlain(dispatcher, method, code);
    dispatcher.tryCatchBlocks.add(0, new TryCatchBlockNode(start, end, conflict, error));
    dispatcher.instructions = code.list;
    return dispatcher;
  }

  /** The twin of a bridge or accessor: the same code, calling the twin; it needs no frame. */
  MethodNode forwarder(MethodNode method, TwinCall target) {
    MethodNode twin =
        new MethodNode(
            Opcodes.ASM9, twinAccess(method), method.name, Names.twin(method.desc), null, null);
    method.accept(twin);
    twin.access = twinAccess(method);
    twin.visibleAnnotations = null;
    twin.invisibleAnnotations = null;
    twin.visibleTypeAnnotations = null;
    twin.invisibleTypeAnnotations = null;
    twin.visibleParameterAnnotations = null;
    twin.invisibleParameterAnnotations = null;
    twin.localVariables = null;
    twin.parameters = null;
    int coroutine =
        (Type.getArgumentsAndReturnSizes(method.desc) >> 2) - (isStatic(method) ? 1 : 0);
    for (var insn : twin.instructions.toArray()) {
      if (insn instanceof MethodInsnNode call) {
        twin.instructions.insertBefore(call, new Code().load(coroutine).list);
        target.applyTo(call);
      }
    }
    return twin;
  }

  /** The call in a method that only forwards. */
  static @Nullable MethodInsnNode forwardedCall(MethodNode method) {
    for (var insn : method.instructions) {
      if (insn instanceof MethodInsnNode call) {
        return call;
      }
    }
    return null;
  }

  private static MethodNode method(int access, String name, String descriptor, Code code) {
    MethodNode method = new MethodNode(Opcodes.ASM9, access, name, descriptor, null, null);
    method.instructions = code.list;
    return method;
  }
}
