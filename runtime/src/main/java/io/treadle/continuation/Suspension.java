package io.treadle.continuation;

import io.treadle.Resumer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One suspension that is resumed by a {@link Resumer}.
 *
 * <p>Its state is one word: new, then either parked (the stack is unwound, the frames are saved)
 * and then resumed or cancelled, or resumed before it was parked. The step to "parked" and the step
 * to "resumed" are compare-and-sets of the same word, so exactly one side sees the other: the one
 * that comes second goes on with the coroutine. They release and acquire, which publishes the
 * frames to the thread that resumes and the outcome to the thread that parks.
 */
public final class Suspension<T> implements Resumer<T> {
  private static final Object PARKED = new Object();
  private static final Object CANCELLED = new Object();
  private static final Object DELIVERED = new Object();
  private static final Object NULL = new Object();

  private record Failure(Throwable cause) {}

  private static final VarHandle STATE;
  private static final VarHandle ON_CANCEL;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Suspension.class, "state", Object.class);
      ON_CANCEL = lookup.findVarHandle(Suspension.class, "onCancel", Runnable.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Coroutine coroutine;

  /**
   * Null while new; one of the markers; or the outcome: a value, {@link #NULL} or a {@link
   * Failure}.
   */
  private volatile @Nullable Object state;

  private volatile @Nullable Runnable onCancel;

  private Suspension(Coroutine coroutine) {
    this.coroutine = coroutine;
  }

  /** A new suspension of the coroutine that runs on this thread. */
  public static <T> Suspension<T> of(Coroutine coroutine, String what) {
    coroutine.admit(what);
    return new Suspension<>(coroutine);
  }

  /**
   * Ends the primitive: returns or throws the outcome if it is here already, else starts the
   * unwinding.
   *
   * @return the value; one that nobody reads if the coroutine is suspending
   */
  @SuppressWarnings("unchecked") // only resume() stores values
  public @Nullable T await() {
    Object outcome = state;
    if (outcome == null) {
      coroutine.suspending(this);
      return null;
    }
    state = DELIVERED;
    if (outcome instanceof Failure failed) {
      throw Sneaky.rethrow(failed.cause);
    }
    return outcome == NULL ? null : (T) outcome;
  }

  @Override
  public boolean resume(@Nullable T value) {
    return complete(value == null ? NULL : value);
  }

  @Override
  public boolean fail(Throwable failure) {
    return complete(new Failure(failure));
  }

  private boolean complete(Object outcome) {
    while (true) {
      Object now = state;
      if (now == null) {
        if (STATE.compareAndSet(this, null, outcome)) {
          return true;
        }
      } else if (now == PARKED) {
        if (STATE.compareAndSet(this, PARKED, outcome)) {
          onCancel = null;
          coroutine.wake(this);
          return true;
        }
      } else if (now == CANCELLED) {
        return false;
      } else {
        throw new IllegalStateException("this suspension was resumed before; a Resumer works once");
      }
    }
  }

  @Override
  public void onCancel(Runnable action) {
    Runnable before;
    Runnable all;
    do {
      before = onCancel;
      all = before == null ? action : inOrder(before, action);
    } while (!ON_CANCEL.compareAndSet(this, before, all));
    if (state == CANCELLED) { // then whoever takes the actions out runs them, and each runs once
      runOnCancel();
    }
  }

  private static Runnable inOrder(Runnable first, Runnable second) {
    return () -> {
      first.run();
      second.run();
    };
  }

  /**
   * Cancels the suspension: {@link #resume} and {@link #fail} return false from now on, and the
   * coroutine is the caller's.
   *
   * @return false if the outcome came first
   */
  public boolean cancel() {
    // In this order: it may be parked in between.
    if (STATE.compareAndSet(this, null, CANCELLED)
        || STATE.compareAndSet(this, PARKED, CANCELLED)) {
      runOnCancel();
      return true;
    }
    return false;
  }

  private void runOnCancel() {
    Runnable action = (Runnable) ON_CANCEL.getAndSet(this, null);
    if (action != null) {
      action.run();
    }
  }

  /** True if the suspension is parked now; false if the outcome came first. */
  boolean park() {
    return STATE.compareAndSet(this, null, PARKED);
  }

  /** Moves the outcome into the registers. */
  void deliver(Coroutine to) {
    Object outcome = state;
    state = DELIVERED;
    if (outcome instanceof Failure failed) {
      to.fail(failed.cause);
    } else {
      to.succeed(outcome == NULL ? null : outcome);
    }
  }
}
