package io.treadle.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What other threads have posted: a stack that many push to and that the loop takes as a whole.
 *
 * <p>A push is a compare-and-set that publishes the callback and all that its thread did before it;
 * taking the stack acquires that. The loop turns the stack round, so callbacks run in the order in
 * which they were pushed.
 */
final class Inbox {
  private static final class Node {
    final @Nullable Runnable callback;
    @Nullable Node next;

    Node(@Nullable Runnable callback) {
      this.callback = callback;
    }
  }

  /** The top of a stack that takes no more. */
  private static final Node CLOSED = new Node(null);

  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(Inbox.class, "top", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Node top;

  /** Adds a callback, on any thread; false if the inbox is closed. */
  boolean push(Runnable callback) {
    Node node = new Node(callback);
    while (true) {
      Node below = top;
      if (below == CLOSED) {
        return false;
      }
      node.next = below;
      if (TOP.compareAndSet(this, below, node)) {
        return true;
      }
    }
  }

  boolean isEmpty() {
    return top == null;
  }

  /** Moves everything to the ready queue. */
  void drainTo(ReadyQueue ready) {
    Node now = top;
    if (now != null && now != CLOSED) {
      move((Node) TOP.getAndSet(this, null), ready);
    }
  }

  /** Moves everything to the ready queue, and takes no more. */
  void closeInto(ReadyQueue ready) {
    Node last = (Node) TOP.getAndSet(this, CLOSED);
    if (last != CLOSED) {
      move(last, ready);
    }
  }

  private static void move(@Nullable Node newest, ReadyQueue ready) {
    Node oldest = null;
    for (Node node = newest; node != null; ) {
      Node below = node.next;
      node.next = oldest;
      oldest = node;
      node = below;
    }
    for (Node node = oldest; node != null; node = node.next) {
      assert node.callback != null;
      ready.add(node.callback);
    }
  }
}
