package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.flow.ControlFlow;
import io.treadle.instrumenter.flow.Liveness;
import io.treadle.instrumenter.flow.MonitorDepth;
import io.treadle.instrumenter.flow.StackMap;
import io.treadle.instrumenter.flow.TypeFlow;
import io.treadle.instrumenter.flow.VerificationType;
import io.treadle.instrumenter.hierarchy.Hierarchy;
import io.treadle.instrumenter.hierarchy.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * Turns the code of a body into a state machine.
 *
 * <p>The passes, each a class of its own: {@link TypeFlow}, {@link DeferredNew}, {@link
 * ControlFlow}, {@link Liveness}, {@link MonitorDepth}; then, here, spill (which value goes to
 * which field of the frame, in {@link SuspensionPoint}), split (save and restore at each point) and
 * dispatch. The body becomes
 *
 * <pre>
 *     if (coroutine.status == 0) goto start
 *     frame = coroutine.enter(digest)
 *     switch (frame.point) { restore 0, restore 1, ... }
 *   save i:     frame = Shape.save(coroutine, frame, entry, i); if (frame == null) goto take i
 *               store stack and live variables; return a dummy
 *               (what is thrown here: throw coroutine.giveUp(it, frame), where the call would have)
 *   restore i:  load live variables and stack
 *   take i:     take the outcome (throws a failure where the call would have), goto resume i
 *   start:      frame = null
 *               ... the user's code, where each call is followed by
 *               if (coroutine.status != 0) goto save i
 *   resume i:   ...
 * </pre>
 *
 * What is added comes before the first line number, so that no line of the user seems to contain
 * it. The user's variables keep their slots; the coroutine and the frame get the two after the
 * last.
 */
final class BodyWeaver {
  private static final String STATUS = "status";

  private final String owner;
  private final MethodNode body;
  private final Map<AbstractInsnNode, TwinCall> calls;
  private final HiddenTypes hidden;
  private final Handle resume;
  private final String name;
  private final String file;
  private final StubPolicy stubs;

  private final List<SuspensionPoint> points = new ArrayList<>();
  private final Map<AbstractInsnNode, Integer> lines;
  private FrameShape shape = FrameShape.EMPTY;
  private int coroutine;
  private int frame;
  private int references;
  private int ints;
  private int digest;

  /** True if a hidden type lives across a suspension: then none is left in the body. */
  private boolean widens;

  private Object[] entryArguments = {};

  /**
   * @param body static; its last parameter is the coroutine; changed in place
   * @param calls what the calls that may suspend become
   * @param resume the method that enters the body again
   * @param name the user's name of the method
   * @param file the source file; empty if unknown
   */
  BodyWeaver(
      String owner,
      MethodNode body,
      Map<AbstractInsnNode, TwinCall> calls,
      Hierarchy hierarchy,
      Handle resume,
      String name,
      @Nullable String file,
      StubPolicy stubs) {
    this.stubs = stubs;
    this.owner = owner;
    this.body = body;
    this.calls = calls;
    this.hidden = new HiddenTypes(owner, hierarchy);
    this.resume = resume;
    this.name = name;
    this.file = file == null ? "" : file.replace(';', '_');
    this.lines = Lines.of(body);
  }

  /** Weaves. A body without a call that may suspend stays as it is. */
  void weave(Findings findings) throws AnalyzerException {
    if (calls.isEmpty()) {
      return;
    }
    digest = digest();
    coroutine = lastParameter();
    TypeFlow types = TypeFlow.of(owner, body);
    if (DeferredNew.apply(body, types, calls::containsKey)) {
      types = TypeFlow.of(owner, body);
    }
    ControlFlow flow = new ControlFlow(body);
    Liveness liveness = Liveness.of(body, flow);
    findPoints(types, flow, liveness, findings);
    if (findings.hasErrors() || points.isEmpty()) {
      return;
    }
    for (SuspensionPoint point : points) {
      references = Math.max(references, point.references);
      ints = Math.max(ints, point.ints);
    }
    shape = FrameShape.forCounts(references, ints);
    entryArguments = new Object[] {Names.VERSION, resume, description()};
    int parameter = coroutine;
    coroutine = body.maxLocals++;
    frame = body.maxLocals++;
    widens = points.stream().anyMatch(hidden::concern);
    rewriteStackMaps(types, liveness);
    for (SuspensionPoint point : points) {
      split(point);
    }
    if (widens) {
      hidden.rewriteCalls(body);
    }
    body.instructions.insert(prologue(parameter));
    for (SuspensionPoint point : points) {
      for (TryCatchBlockNode handler : point.handlers) {
        body.tryCatchBlocks.add(
            new TryCatchBlockNode(point.take, point.taken, handler.handler, handler.type));
      }
    }
  }

  /** The points of a woven body. */
  int points() {
    return points.size();
  }

  private int lastParameter() {
    return (Type.getArgumentsAndReturnSizes(body.desc) >> 2) - 2; // static, and the last takes one
  }

  private void findPoints(TypeFlow types, ControlFlow flow, Liveness liveness, Findings findings) {
    MonitorDepth monitors = MonitorDepth.of(body, flow);
    for (int i = 0; i < body.instructions.size(); i++) {
      AbstractInsnNode insn = body.instructions.get(i);
      TypeFlow.State before = types.before(i);
      if (before == null || !calls.containsKey(insn)) {
        continue;
      }
      MethodInsnNode call = (MethodInsnNode) insn;
      int line = lines.getOrDefault(insn, 0);
      if (monitors.before(i) > 0) {
        if (stubs == StubPolicy.DRIVE) {
          continue; // stays a call of the stub, which blocks
        }
        findings.error(
            line,
            Names.readable(call.name, call.desc)
                + " may suspend inside a synchronized block, and a monitor belongs to a thread: move the call out"
                + " of the block, or guard the state by confining it to the event loop");
      }
      int arguments =
          Type.getArgumentCount(call.desc) + (call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1);
      BitSet live = liveness.across(i);
      points.add(
          new SuspensionPoint(
              points.size(), call, line, before, live, flow.handlers(i), arguments));
    }
  }

  // ------------------------------------------------------------------ stack maps

  /**
   * The stack maps of the original: only what is live has a type, since nothing else is restored.
   */
  private void rewriteStackMaps(TypeFlow types, Liveness liveness) {
    for (int i = 0; i < body.instructions.size(); i++) {
      if (body.instructions.get(i) instanceof FrameNode node) {
        TypeFlow.State state = types.before(i);
        StackMap map = new StackMap();
        BitSet live = liveness.before(i);
        for (int v = live.nextSetBit(0); v >= 0; v = live.nextSetBit(v + 1)) {
          map.local(v, widens ? widened(state.getLocal(v)) : state.getLocal(v));
        }
        for (int s = 0; s < state.getStackSize(); s++) {
          map.push(widens ? widened(state.getStack(s)) : state.getStack(s));
        }
        body.instructions.set(node, withRegisters(map).node());
      }
    }
  }

  private StackMap withRegisters(StackMap map) {
    return map.local(coroutine, VerificationType.object(Names.COROUTINE))
        .local(frame, VerificationType.object(shape.internalName()));
  }

  /**
   * The variables and the stack below the call's arguments, as they are saved or, widened,
   * restored.
   */
  private StackMap at(SuspensionPoint point, boolean restored) {
    StackMap map = variablesAt(point, restored);
    for (SuspensionPoint.Saved saved : point.stack) {
      map.push(restored || widens ? widened(saved.type()) : saved.type());
    }
    return map;
  }

  /** The variables alone. */
  private StackMap variablesAt(SuspensionPoint point, boolean restored) {
    StackMap map = new StackMap();
    for (SuspensionPoint.Saved saved : point.locals) {
      map.local(saved.local(), restored || widens ? widened(saved.type()) : saved.type());
    }
    return withRegisters(map);
  }

  private VerificationType widened(VerificationType type) {
    return hidden.named(type);
  }

  // ------------------------------------------------------------------ split

  private void split(SuspensionPoint point) {
    TwinCall twin = calls.get(point.call);
    InsnList code = body.instructions;
    code.insertBefore(point.call, new Code().load(coroutine).list);
    twin.applyTo(point.call);
    Code after = new Code().load(coroutine).getField(Names.COROUTINE, STATUS, "I");
    after.jump(Opcodes.IFNE, point.save).label(point.resume);
    if (!stackMapFollows(point.call)) {
      StackMap map = at(point, true);
      if (point.result() != null) {
        map.push(widened(point.result()));
      }
      after.stackMap(map);
    }
    code.insert(point.call, after.list);
  }

  /**
   * True if the code after a call starts with a stack map, which then describes the resume point
   * too.
   */
  private static boolean stackMapFollows(AbstractInsnNode call) {
    for (AbstractInsnNode next = call.getNext();
        next != null && next.getOpcode() < 0;
        next = next.getNext()) {
      if (next instanceof FrameNode) {
        return true;
      }
    }
    return false;
  }

  private void save(SuspensionPoint point, Code code) {
    StackMap map = at(point, false);
    if (point.result() != null) {
      map.push(point.result());
    }
    code.label(point.save).stackMap(map).pop(point.returns);
    code.load(coroutine).load(frame);
    code.dynamic("entry", "()" + Names.ENTRY_DESC, Names.ENTRY_BOOTSTRAP, entryArguments);
    code.constant(digest << 16 | point.index);
    String saver = "(" + Names.COROUTINE_DESC + shape.descriptor() + Names.ENTRY_DESC + "I";
    if (shape == FrameShape.ANY) {
      code.constant(references).constant(ints);
      saver += "II";
    }
    code.callStatic(shape.internalName(), "save", saver + ")" + shape.descriptor());
    code.op(Opcodes.DUP).store(frame).jump(Opcodes.IFNULL, point.take);
    for (int i = point.stack.size() - 1; i >= 0; i--) {
      storeInFrame(point.stack.get(i), code);
    }
    for (SuspensionPoint.Saved local : point.locals) {
      if (!local.isNull()) {
        code.load(local.type(), local.local());
        storeInFrame(local, code);
      }
    }
    Type returns = Type.getReturnType(body.desc);
    code.dummy(returns).returns(returns).label(point.saved);
  }

  /**
   * What happens when a point cannot be saved, because the stack is full, say: the call has failed.
   * Its handlers in the user's code catch that, so each point that has some has code of its own.
   */
  private void giveUp(List<SuspensionPoint> same, Code code) {
    LabelNode lost = new LabelNode();
    LabelNode thrown = new LabelNode();
    LabelNode end = new LabelNode();
    SuspensionPoint first = same.get(0);
    StackMap map =
        first.handlers.isEmpty() ? withRegisters(new StackMap()) : variablesAt(first, false);
    code.label(lost).stackMap(map.push(VerificationType.object("java/lang/Throwable")));
    code.load(coroutine).constant(0).putField(Names.COROUTINE, STATUS, "I");
    code.load(coroutine).load(frame);
    code.callStatic(
        Names.COROUTINE,
        "giveUp",
        "(Ljava/lang/Throwable;"
            + Names.COROUTINE_DESC
            + "L"
            + Names.FRAME
            + ";)Ljava/lang/Throwable;");
    code.label(thrown).op(Opcodes.ATHROW).label(end);
    for (SuspensionPoint point : same) {
      body.tryCatchBlocks.add(new TryCatchBlockNode(point.save, point.saved, lost, null));
    }
    for (TryCatchBlockNode handler : first.handlers) {
      body.tryCatchBlocks.add(new TryCatchBlockNode(thrown, end, handler.handler, handler.type));
    }
  }

  /** Stores the value on top of the stack. */
  private void storeInFrame(SuspensionPoint.Saved saved, Code code) {
    if (saved.isNull()) {
      code.op(Opcodes.POP);
      return;
    }
    switch (saved.type().kind()) {
      case FLOAT -> code.callStatic("java/lang/Float", "floatToRawIntBits", "(F)I");
      case DOUBLE -> code.callStatic("java/lang/Double", "doubleToRawLongBits", "(D)J");
      default -> {}
    }
    boolean isReference = saved.type().isReference();
    boolean isLong = saved.type().getSize() == 2;
    if (shape == FrameShape.ANY) {
      if (!isReference && !isLong) {
        code.op(Opcodes.I2L);
      }
      code.load(frame).constant(saved.field());
      code.callStatic(
          shape.internalName(),
          "put",
          "(" + (isReference ? "Ljava/lang/Object;" : "J") + shape.descriptor() + "I)V");
    } else if (isLong) {
      code.load(frame).op(Opcodes.DUP_X2).op(Opcodes.POP);
      code.callVirtual(shape.internalName(), "j" + saved.field(), "(J)V");
    } else {
      code.load(frame).op(Opcodes.SWAP);
      if (isReference) {
        code.putField(shape.internalName(), "r" + saved.field(), "Ljava/lang/Object;");
      } else {
        code.putField(shape.internalName(), "i" + saved.field(), "I");
      }
    }
  }

  private void restore(SuspensionPoint point, Code code) {
    code.label(point.restore);
    if (!point.locals.isEmpty() || !point.stack.isEmpty()) { // else the next stack map is here too
      code.stackMap(withRegisters(new StackMap()));
    }
    for (SuspensionPoint.Saved local : point.locals) {
      loadFromFrame(local, code);
      code.store(local.type(), local.local());
    }
    for (SuspensionPoint.Saved operand : point.stack) {
      loadFromFrame(operand, code);
    }
    if (point.references > 0 && shape != FrameShape.ANY) {
      code.load(frame).callVirtual(shape.internalName(), "clear", "()V");
    }
    code.label(point.take).stackMap(at(point, true));
    take(point, code);
    code.jump(Opcodes.GOTO, point.resume);
  }

  private void loadFromFrame(SuspensionPoint.Saved saved, Code code) {
    if (saved.isNull()) {
      code.op(Opcodes.ACONST_NULL);
      return;
    }
    boolean isReference = saved.type().isReference();
    boolean isLong = saved.type().getSize() == 2;
    code.load(frame);
    if (shape == FrameShape.ANY) {
      if (isReference) {
        code.constant(saved.field());
        code.callVirtual(shape.internalName(), "take", "(I)Ljava/lang/Object;");
      } else {
        code.getField(shape.internalName(), "words", "[J").constant(saved.field());
        code.op(Opcodes.LALOAD);
        if (!isLong) {
          code.op(Opcodes.L2I);
        }
      }
    } else if (isReference) {
      code.getField(shape.internalName(), "r" + saved.field(), "Ljava/lang/Object;");
    } else if (isLong) {
      code.callVirtual(shape.internalName(), "j" + saved.field(), "()J");
    } else {
      code.getField(shape.internalName(), "i" + saved.field(), "I");
    }
    switch (saved.type().kind()) {
      case FLOAT -> code.callStatic("java/lang/Float", "intBitsToFloat", "(I)F");
      case DOUBLE -> code.callStatic("java/lang/Double", "longBitsToDouble", "(J)D");
      case OBJECT -> code.cast(widened(saved.type()).name());
      default -> {}
    }
  }

  private void take(SuspensionPoint point, Code code) {
    code.load(coroutine);
    switch (point.returns.getSort()) {
      case Type.VOID -> code.callVirtual(Names.COROUTINE, "takeVoid", "()V");
      case Type.LONG -> code.callVirtual(Names.COROUTINE, "takeLong", "()J");
      case Type.FLOAT -> code.callVirtual(Names.COROUTINE, "takeFloat", "()F");
      case Type.DOUBLE -> code.callVirtual(Names.COROUTINE, "takeDouble", "()D");
      case Type.ARRAY, Type.OBJECT ->
          code.callVirtual(Names.COROUTINE, "takeRef", "()Ljava/lang/Object;");
      default -> code.callVirtual(Names.COROUTINE, "takeInt", "()I");
    }
    code.label(point.taken);
    VerificationType result = point.result();
    if (result != null && result.isReference()) {
      code.cast(widened(result).name());
    }
  }

  // ------------------------------------------------------------------ dispatch

  private InsnList prologue(int parameter) {
    LabelNode start = new LabelNode();
    Code code = new Code();
    code.load(parameter).op(Opcodes.DUP).store(coroutine);
    code.getField(Names.COROUTINE, STATUS, "I").jump(Opcodes.IFEQ, start);
    code.load(coroutine).constant(digest);
    code.callVirtual(Names.COROUTINE, "enter", "(I)L" + Names.FRAME + ";");
    if (shape != FrameShape.EMPTY) {
      code.cast(shape.internalName());
    }
    code.store(frame);
    if (points.size() > 1) {
      code.load(frame).getField(Names.FRAME, "point", "I").constant(0xFFFF).op(Opcodes.IAND);
      LabelNode[] targets = points.stream().map(p -> p.restore).toArray(LabelNode[]::new);
      code.list.add(
          new TableSwitchInsnNode(0, points.size() - 1, targets[points.size() - 1], targets));
    } else {
      code.jump(Opcodes.GOTO, points.get(0).restore);
    }
    for (SuspensionPoint point : points) {
      save(point, code);
      restore(point, code);
    }
    List<SuspensionPoint> uncaught = points.stream().filter(p -> p.handlers.isEmpty()).toList();
    if (!uncaught.isEmpty()) {
      giveUp(uncaught, code);
    }
    for (SuspensionPoint point : points) {
      if (!point.handlers.isEmpty()) {
        giveUp(List.of(point), code);
      }
    }
    StackMap parameters = new StackMap();
    int variable = 0;
    for (Type type : Type.getArgumentTypes(body.desc)) {
      parameters.local(variable, VerificationType.of(type));
      variable += type.getSize();
    }
    parameters.local(coroutine, VerificationType.object(Names.COROUTINE));
    code.label(start).stackMap(parameters);
    code.op(Opcodes.ACONST_NULL).store(frame);
    return code.list;
  }

  // ------------------------------------------------------------------ descriptions

  /** Identifies this version of the code: saved frames fit no other. */
  private int digest() {
    CRC32 crc = new CRC32();
    Instructions.describe(body, text -> crc.update(text.getBytes(StandardCharsets.UTF_8)));
    return (int) (crc.getValue() & 0xFFFF);
  }

  private String description() {
    StringBuilder text = new StringBuilder(name).append(';').append(file);
    for (SuspensionPoint point : points) {
      text.append(';').append(point.line);
      for (SuspensionPoint.Saved saved : point.locals) {
        String variable = variableName(saved.local(), point.call);
        if (variable != null) {
          text.append(',').append(variable);
        }
      }
    }
    // A constant has at most 65535 bytes; the lines come first in importance, and a body has few
    // points.
    return text.length() < 20_000 ? text.toString() : withoutVariables();
  }

  private String withoutVariables() {
    StringBuilder text = new StringBuilder(name).append(';').append(file);
    for (SuspensionPoint point : points) {
      text.append(';').append(point.line);
    }
    return text.length() < 60_000 ? text.toString() : name + ";" + file;
  }

  private @Nullable String variableName(int slot, AbstractInsnNode at) {
    if (body.localVariables == null) {
      return null;
    }
    int index = body.instructions.indexOf(at);
    for (LocalVariableNode variable : body.localVariables) {
      if (variable.index == slot
          && body.instructions.indexOf(variable.start) <= index
          && index < body.instructions.indexOf(variable.end)) {
        return variable.name.replace(',', '_');
      }
    }
    return null;
  }

  /** The line of each instruction. */
  private static final class Lines {
    static Map<AbstractInsnNode, Integer> of(MethodNode method) {
      Map<AbstractInsnNode, Integer> lines = new java.util.IdentityHashMap<>();
      int line = 0;
      for (AbstractInsnNode insn : method.instructions) {
        line = insn instanceof LineNumberNode number ? number.line : line;
        lines.put(insn, line);
      }
      return lines;
    }
  }
}
