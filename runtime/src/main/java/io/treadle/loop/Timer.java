package io.treadle.loop;

import io.treadle.Handle;

/**
 * A callback with a deadline. It belongs to the loop's thread.
 *
 * <p>A subclass says what happens when it fires, and holds what it needs for that: a timer is one
 * object.
 */
public abstract class Timer implements Runnable, Handle {
  private enum State {
    NEW,
    /** In the heap. */
    WAITING,
    /** In the ready queue. */
    DUE,
    FIRED,
    CANCELLED
  }

  private final CallbackLoop loop;
  private final long deadline;

  /** Tells timers with equal deadlines apart: they fire in the order in which they were made. */
  private final long sequence;

  private State state = State.NEW;

  /**
   * Makes a timer, which waits once {@link #start} is called.
   *
   * @param deadline in nanoseconds of the loop's clock
   */
  protected Timer(CallbackLoop loop, long deadline) {
    this.loop = loop;
    this.deadline = deadline;
    this.sequence = loop.timers.nextSequence();
  }

  /** Called in the loop when the deadline has come. */
  protected abstract void fire();

  /** Lets the timer wait, once. */
  public final void start() {
    loop.timers.add(this);
    state = State.WAITING;
  }

  /** Called by the loop, when the timer is in the ready queue and its turn has come. */
  @Override
  public final void run() {
    if (state == State.DUE) {
      state = State.FIRED;
      fire();
    }
  }

  @Override
  public boolean cancel() {
    loop.requireThread("cancel a timer");
    State before = state;
    if (before == State.FIRED || before == State.CANCELLED) {
      return false;
    }
    state = State.CANCELLED;
    if (before == State.WAITING) {
      loop.timers.cancelled();
    }
    return true;
  }

  @Override
  public final boolean isCancelled() {
    return state == State.CANCELLED;
  }

  /** True once the timer has fired. */
  protected final boolean hasFired() {
    return state == State.FIRED;
  }

  @Override
  public final long deadline() {
    return deadline;
  }

  final void due() {
    state = State.DUE;
  }

  final boolean isBefore(Timer other) {
    return deadline < other.deadline || deadline == other.deadline && sequence < other.sequence;
  }
}
