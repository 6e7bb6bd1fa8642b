package io.treadle.continuation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One logical thread of woven code: its frames while it is suspended, its registers while it runs.
 *
 * <p>Every twin takes a coroutine as its last parameter and hands it to the twins that it calls.
 *
 * <p><b>Suspending.</b> A primitive sets {@link #status} to {@link #SUSPENDED} and returns. Woven
 * code reads the status after each call of a twin: when it is not zero, the activation saves what
 * is live in a {@link Frame}, links the frame to those of its callees with {@link #push} and
 * returns as well. So the stack unwinds to the code that started or resumed the coroutine, which
 * then hands the coroutine over to whatever will resume it.
 *
 * <p><b>Resuming.</b> {@link #resume} enters the innermost body again through its frame, with the
 * outcome of the suspension in the registers. When that body ends, its own outcome is in the
 * registers, and the frame of its caller is entered; and so on, in a loop that uses no stack. The
 * callers of a body that suspends again are not touched: the cost of a suspension does not depend
 * on the depth.
 *
 * <p><b>Threads.</b> A coroutine runs on one thread at a time. Whoever moves it to another thread
 * publishes it; {@link Suspension} does so with its compare-and-set.
 */
public abstract class Coroutine {
  /** Woven code runs. */
  public static final int RUNNING = 0;

  /** The stack unwinds, each activation saving itself. */
  public static final int SUSPENDED = 1;

  /** A body is about to be entered through its frame. */
  public static final int RESUMING = 2;

  /** How often callees that catch a failure and suspend again are asked to end. */
  private static final int ATTEMPTS = 16;

  private static final boolean TRACES =
      !"false".equals(System.getProperty("io.treadle.suspendedCallers"));

  /** Woven code reads it after each call of a twin and at the entry of each body. */
  public int status;

  /**
   * While suspended, the innermost frame. While running, the frame of the caller of the body
   * entered last.
   */
  private @Nullable Frame top;

  /**
   * While the stack unwinds, what {@link #top} was before: the chain that the unwinding will join.
   */
  private @Nullable Frame rest;

  /** While the stack unwinds, the frame saved last. */
  private @Nullable Frame last;

  /** The outcome of a call that was suspended: a reference, a primitive, or a failure. */
  private @Nullable Object reference;

  private long word;
  private @Nullable Throwable failure;

  /** What this coroutine waits for, if that is a {@link Suspension}. */
  private @Nullable Suspension<?> pending;

  /** A coroutine that has not begun. */
  protected Coroutine() {}

  // ------------------------------------------------------------------ what kinds decide

  /**
   * Called before every suspension.
   *
   * @param what the primitive, for messages
   * @throws IllegalStateException if this coroutine cannot be suspended, or not by this primitive
   */
  protected abstract void admit(String what);

  /**
   * Called once when a suspension that was handed over has an outcome, on the thread that brought
   * it. The implementation has {@link #resumeWith} called, here or elsewhere.
   */
  protected abstract void wake(Suspension<?> suspension);

  /**
   * Called when the pending suspension must be given up because there was no memory to save a
   * frame. The implementation forgets what it had registered; {@link Suspension}s are looked after.
   */
  protected void abandoned(Throwable cause) {}

  // ------------------------------------------------------------------ suspending

  /** Starts the unwinding. The caller, a primitive, then returns any value. */
  public final void suspending() {
    forgetLost();
    status = SUSPENDED;
  }

  /** Starts the unwinding until the given suspension has an outcome. */
  final void suspending(Suspension<?> suspension) {
    forgetLost();
    pending = suspension;
    status = SUSPENDED;
  }

  final <F extends Frame> F push(F frame, Entry entry, int point) {
    Frame inner = last;
    if (inner == null) {
      rest = top;
      top = frame;
    } else {
      inner.caller = frame;
    }
    frame.entry = entry;
    frame.point = point;
    last = frame;
    return frame;
  }

  /**
   * Lets the suspension under way fail, since the activation that asks has no memory to save
   * itself, and runs what is saved already (the callees of that activation) to its end.
   *
   * @return false if the callees caught the failure and suspended again: the activation then tries
   *     again
   */
  final boolean recover(Throwable error) {
    Frame callers = last == null ? top : rest;
    if (last == null) {
      top = null;
    }
    Suspension<?> suspension = pending;
    pending = null;
    last = null;
    rest = null;
    status = RUNNING;
    if (suspension != null) {
      suspension.cancel();
    }
    abandoned(error);
    reference = null;
    failure = error;
    if (!resume()) {
      last = outermost();
      if (last == null) {
        top = callers;
      } else {
        rest = callers;
      }
      return false;
    }
    top = callers;
    return true;
  }

  /**
   * Called when an activation could not be saved for any other reason: the stack is full, or what
   * it links to cannot be linked. The suspension under way fails, and what is saved already runs to
   * its end.
   *
   * @param own the frame of this activation, if it has one
   * @return what the activation throws then
   */
  public static Throwable giveUp(Throwable error, Coroutine c, @Nullable Frame own) {
    c.unlink(own);
    Frame callers = c.last == null ? c.top : c.rest;
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (c.recover(error)) {
          Throwable thrown = c.failure != null ? c.failure : error;
          c.failure = null;
          c.reference = null;
          return thrown;
        }
      }
    } catch (Throwable again) { // no room for that either
      c.failure = null;
    }
    c.pending = null;
    c.last = null;
    c.rest = null;
    c.top = callers;
    c.status = RUNNING;
    return error;
  }

  /** Takes a frame that has been pushed last, and may be incomplete, off again. */
  private void unlink(@Nullable Frame own) {
    if (own == null || own != last) {
      return;
    }
    Frame callee = null;
    for (Frame frame = top; frame != own; frame = frame.caller) {
      callee = frame;
    }
    if (callee == null) {
      top = rest;
      rest = null;
    } else {
      callee.caller = null;
    }
    last = callee;
  }

  /**
   * Drops frames that an unwinding has left behind when there was not even enough stack to give it
   * up.
   */
  private void forgetLost() {
    if (last != null) {
      top = rest;
      last = null;
      rest = null;
    }
  }

  private @Nullable Frame outermost() {
    Frame frame = top;
    while (frame != null && frame.caller != null) {
      frame = frame.caller;
    }
    return frame;
  }

  /**
   * Ends the unwinding: hands the coroutine over to the pending suspension.
   *
   * @return true if the suspension now owns the coroutine, and the caller must not touch it any
   *     more; false if its outcome is here already, in the registers: the caller goes on with
   *     {@link #resume}
   */
  protected final boolean handOver() {
    Suspension<?> suspension = pending;
    if (suspension == null || suspension.park()) {
      return true;
    }
    take(suspension);
    return false;
  }

  private void take(Suspension<?> suspension) {
    pending = null;
    suspension.deliver(this);
  }

  /** What this coroutine waits for, if that is a {@link Suspension}. */
  protected final @Nullable Suspension<?> pending() {
    return pending;
  }

  // ------------------------------------------------------------------ resuming

  /** Sets the outcome of the pending suspension: a value. {@link #resume} must follow. */
  protected final void succeed(@Nullable Object value) {
    pending = null;
    reference = value;
  }

  /** Sets the outcome of the pending suspension: a failure. {@link #resume} must follow. */
  protected final void fail(Throwable failure) {
    pending = null;
    this.failure = failure;
  }

  /**
   * Sets the outcome of the suspension that {@link #wake} was called with. {@link #resume} must
   * follow.
   */
  protected final void resumeWith(Suspension<?> suspension) {
    take(suspension);
  }

  /**
   * The trampoline: runs the suspended bodies, from the innermost outwards.
   *
   * @return true when the outermost body has ended: its outcome is in the registers, see {@link
   *     #takeRef}; false when a body has suspended again: the caller goes on with {@link #handOver}
   */
  protected final boolean resume() {
    status = RUNNING;
    Throwable traced = null;
    for (Frame frame = top; frame != null; frame = top) {
      Throwable delivered = failure;
      status = RESUMING;
      try {
        frame.entry.resume(this);
      } catch (Throwable t) {
        status = RUNNING;
        forgetLost();
        if (top == frame) { // it was not even entered
          top = frame.caller;
        }
        if (t != traced && TRACES) {
          complete(t, t == delivered ? frame : top);
          traced = t;
        }
        reference = null;
        failure = t;
        continue;
      }
      if (status == SUSPENDED) {
        last = null;
        rest = null;
        return false;
      }
    }
    return true;
  }

  /** Completes the trace of a failure, if possible: all that counts is the failure itself. */
  private static void complete(Throwable failure, @Nullable Frame from) {
    try {
      SuspendedCallers.append(failure, from);
    } catch (
        Throwable unreadable) { // the failure's own class may throw, or there is no memory left
      return;
    }
  }

  /** True when the outcome in the registers is a failure. */
  protected final boolean failed() {
    return failure != null;
  }

  /** Ends the unwinding of a first call, from the code that made the call. */
  protected final void unwound() {
    last = null;
    rest = null;
  }

  /** Where this coroutine is suspended, innermost first. Only while it is. */
  public final List<StackTraceElement> suspendedAt() {
    List<StackTraceElement> trace = new ArrayList<>();
    for (Frame frame = top; frame != null; frame = frame.caller) {
      trace.add(FrameDescription.of(frame));
    }
    return trace;
  }

  // ------------------------------------------------------------------ what woven code calls

  /**
   * The frame to restore. Called by a body that is entered while {@link #RESUMING}.
   *
   * @param digest identifies the version of the body; the high half of {@link Frame#point}
   * @throws IllegalStateException if the frame was saved by another version (the class was
   *     redefined)
   */
  public final Frame enter(int digest) {
    Frame frame = top;
    top = frame.caller;
    status = RUNNING;
    if (frame.point >>> 16 != digest) {
      throw new IllegalStateException(
          "the method was redefined while it was suspended at "
              + FrameDescription.of(frame)
              + ": the saved frame does not fit the new code; start the call again");
    }
    return frame;
  }

  /** The outcome of a suspended call that returns a reference. */
  public final @Nullable Object takeRef() {
    if (failure != null) {
      throw takeFailure();
    }
    Object value = reference;
    reference = null;
    return value;
  }

  /** The outcome of a suspended call that returns nothing. */
  public final void takeVoid() {
    reference = null;
    if (failure != null) {
      throw takeFailure();
    }
  }

  /** The outcome of a suspended call that returns a boolean, byte, char, short or int. */
  public final int takeInt() {
    if (failure != null) {
      throw takeFailure();
    }
    return (int) word;
  }

  /** The outcome of a suspended call that returns a long. */
  public final long takeLong() {
    if (failure != null) {
      throw takeFailure();
    }
    return word;
  }

  /** The outcome of a suspended call that returns a float. */
  public final float takeFloat() {
    if (failure != null) {
      throw takeFailure();
    }
    return Float.intBitsToFloat((int) word);
  }

  /** The outcome of a suspended call that returns a double. */
  public final double takeDouble() {
    if (failure != null) {
      throw takeFailure();
    }
    return Double.longBitsToDouble(word);
  }

  /** Keeps what a resumed body returned. */
  public static void give(@Nullable Object value, Coroutine c) {
    c.reference = value;
  }

  /** Keeps what a resumed body returned. */
  public static void give(int value, Coroutine c) {
    c.word = value;
  }

  /** Keeps what a resumed body returned. */
  public static void give(long value, Coroutine c) {
    c.word = value;
  }

  /** Keeps what a resumed body returned. */
  public static void give(float value, Coroutine c) {
    c.word = Float.floatToRawIntBits(value);
  }

  /** Keeps what a resumed body returned. */
  public static void give(double value, Coroutine c) {
    c.word = Double.doubleToRawLongBits(value);
  }

  /** Takes the failure out of the registers, to be thrown whatever its type. */
  private RuntimeException takeFailure() {
    Throwable thrown = failure;
    failure = null;
    return Sneaky.rethrow(thrown);
  }
}
