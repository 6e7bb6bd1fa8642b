package io.treadle.continuation;

import org.jspecify.annotations.Nullable;

/**
 * A call of the user's own method made by a twin, because the class of the receiver overrides the
 * one and not the other: a proxy, a mock, an unwoven subclass.
 *
 * <p>While it lasts, a stub of the same method that is reached on this thread runs its body, in a
 * coroutine that cannot be suspended: the interceptor is on the stack, and a suspension would
 * return to it without a result.
 */
final class PlainCall {
  private static final ThreadLocal<PlainCall> INNERMOST = new ThreadLocal<>();

  private final String receiverClass;
  private final String method;
  private final @Nullable PlainCall outer;

  private PlainCall(String receiverClass, String method, @Nullable PlainCall outer) {
    this.receiverClass = receiverClass;
    this.method = method;
    this.outer = outer;
  }

  static void begin(Object receiver, String method) {
    INNERMOST.set(new PlainCall(receiver.getClass().getName(), method, INNERMOST.get()));
  }

  static void end() {
    PlainCall outer = INNERMOST.get().outer;
    if (outer == null) {
      INNERMOST.remove();
    } else {
      INNERMOST.set(outer);
    }
  }

  /** The coroutine for a stub of this method; null when no twin has called it. */
  static @Nullable Coroutine of(String method) {
    for (PlainCall call = INNERMOST.get(); call != null; call = call.outer) {
      if (call.method.equals(method)) {
        return new Pinned(call.receiverClass, method);
      }
    }
    return null;
  }
}
