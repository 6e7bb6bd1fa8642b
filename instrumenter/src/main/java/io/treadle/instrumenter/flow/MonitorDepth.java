package io.treadle.instrumenter.flow;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * How many monitors a method holds before each instruction: a forward data-flow analysis.
 *
 * <p>A handler starts with the monitors held before the instruction that throws. Where paths with
 * different numbers join, which compilers do not generate, the larger counts: it is an error to
 * suspend there.
 */
public final class MonitorDepth {
  private final int[] before;

  private MonitorDepth(int[] before) {
    this.before = before;
  }

  public int before(int index) {
    return Math.max(0, before[index]);
  }

  public static MonitorDepth of(MethodNode method, ControlFlow flow) {
    int[] before = new int[method.instructions.size()];
    Arrays.fill(before, -1);
    Deque<Integer> todo = new ArrayDeque<>();
    visit(0, 0, before, todo);
    while (!todo.isEmpty()) {
      int i = todo.removeLast();
      int depth = before[i];
      for (TryCatchBlockNode block : flow.handlers(i)) {
        visit(flow.indexOf(block.handler), depth, before, todo);
        if (block.type == null) {
          break; // it catches everything: what leaves a block has passed the exit of its monitor
        }
      }
      switch (method.instructions.get(i).getOpcode()) {
        case Opcodes.MONITORENTER -> depth++;
        case Opcodes.MONITOREXIT -> depth = Math.max(0, depth - 1);
        default -> {}
      }
      for (int next : flow.successors(i)) {
        visit(next, depth, before, todo);
      }
    }
    return new MonitorDepth(before);
  }

  private static void visit(int index, int depth, int[] before, Deque<Integer> todo) {
    // A loop that enters without leaving would count for ever; nobody can hold so many.
    if (depth > before[index] && depth < 256) {
      before[index] = depth;
      todo.add(index);
    }
  }
}
