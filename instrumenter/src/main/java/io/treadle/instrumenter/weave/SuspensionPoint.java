package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.flow.TypeFlow;
import io.treadle.instrumenter.flow.VerificationType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** One call that may suspend, and what has to be saved when it does. */
final class SuspensionPoint {
  /**
   * A value that is saved.
   *
   * @param local the variable; -1 for one of the stack
   * @param field the index of the frame's field; for a placeholder or constant null, -1
   */
  record Saved(VerificationType type, int local, int field) {
    boolean isNull() {
      return type.kind() == VerificationType.Kind.NULL;
    }
  }

  final int index;
  final MethodInsnNode call;
  final int line;
  final Type returns;
  final List<TryCatchBlockNode> handlers;

  /** The live variables, in their order. */
  final List<Saved> locals = new ArrayList<>();

  /** The stack below the arguments, from the bottom. */
  final List<Saved> stack = new ArrayList<>();

  final LabelNode save = new LabelNode();
  final LabelNode saved = new LabelNode();
  final LabelNode restore = new LabelNode();
  final LabelNode take = new LabelNode();
  final LabelNode taken = new LabelNode();
  final LabelNode resume = new LabelNode();

  int references;
  int ints;

  /**
   * @param before the types before the call, arguments included
   * @param live the variables that are live across the call
   */
  SuspensionPoint(
      int index,
      MethodInsnNode call,
      int line,
      TypeFlow.State before,
      BitSet live,
      List<TryCatchBlockNode> handlers,
      int arguments) {
    this.index = index;
    this.call = call;
    this.line = line;
    this.returns = Type.getReturnType(call.desc);
    this.handlers = handlers;
    List<VerificationType> types = new ArrayList<>();
    List<Integer> variables = new ArrayList<>();
    for (int i = live.nextSetBit(0); i >= 0; i = live.nextSetBit(i + 1)) {
      // Live and without a type: live in a handler only, which joins paths that disagree and so
      // cannot read it.
      if (before.getLocal(i).kind() != VerificationType.Kind.TOP) {
        types.add(before.getLocal(i));
        variables.add(i);
      }
    }
    for (int i = 0; i < before.getStackSize() - arguments; i++) {
      types.add(before.getStack(i));
      variables.add(-1);
    }
    int[] fields = assign(types);
    for (int i = 0; i < fields.length; i++) {
      Saved saved = new Saved(types.get(i), variables.get(i), fields[i]);
      (saved.local() >= 0 ? locals : stack).add(saved);
    }
  }

  /** Gives each value a field: longs first, so that they start at even ints. */
  private int[] assign(List<VerificationType> types) {
    int[] fields = new int[types.size()];
    for (int i = 0; i < fields.length; i++) {
      VerificationType type = types.get(i);
      if (type.getSize() == 2) {
        fields[i] = ints;
        ints += 2;
      }
    }
    for (int i = 0; i < fields.length; i++) {
      VerificationType type = types.get(i);
      if (type.kind() == VerificationType.Kind.NULL) {
        fields[i] = -1;
      } else if (type.isReference()) {
        fields[i] = references++;
      } else if (type.getSize() == 1) {
        fields[i] = ints++;
      }
    }
    return fields;
  }

  /** The type of the value that the call leaves on the stack; null for none. */
  @Nullable VerificationType result() {
    return returns == Type.VOID_TYPE ? null : VerificationType.of(returns);
  }
}
