package io.treadle.task;

import io.treadle.AsyncCallable;
import io.treadle.AsyncRunnable;
import io.treadle.continuation.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * The coroutine of a task, and the callback that takes its next step.
 *
 * <p>Everything here happens on the thread of the loop; only {@link #wake} is called on others, and
 * posts.
 */
class TaskBody extends Body implements Runnable {
  /** The body has not begun. */
  private static final byte NEW = 0;

  private static final byte RUNNING = 1;

  /** The body is suspended and waits; or what it waited for has ended and it is about to resume. */
  private static final byte WAITING = 2;

  /** The body yields: it is in the ready queue. */
  private static final byte YIELDING = 3;

  /** The body is in the ready queue, to resume with the request to stop. */
  private static final byte CANCELLED = 4;

  private static final byte DONE = 5;

  final LoopTask<?> task;

  /**
   * Before the first step, the body; while suspended, the {@link Wait}, or null for a {@link
   * Suspension}; else null.
   */
  private @Nullable Object awaited;

  /** The innermost scope; null while no scope was entered or asked to end. */
  private @Nullable Scope scope;

  private byte state;

  /** How many scopes have a pending request. */
  short pendingRequests;

  /** The coroutine of a task that takes its first step in the loop. */
  TaskBody(LoopTask<?> task, AsyncCallable<?, ?> body) {
    super(VALUE);
    this.task = task;
    this.awaited = body;
  }

  /** The coroutine of a task that takes its first step in the loop. */
  TaskBody(LoopTask<?> task, AsyncRunnable<?> body) {
    super(VOID);
    this.task = task;
    this.awaited = body;
  }

  /** The coroutine of a future-style call, which is running. */
  TaskBody(LoopTask<?> task) {
    super(STAGE);
    this.task = task;
    this.state = RUNNING;
  }

  final TaskLoop loop() {
    return task.loop;
  }

  // ------------------------------------------------------------------ steps

  /** Takes the next step: begins, or resumes with what it waited for. */
  @Override
  public final void run() {
    TaskLoop loop = task.loop;
    loop.current = task;
    try {
      proceed(state == NEW ? begin() : goOn());
    } finally {
      loop.current = null;
    }
  }

  /** True if the body has ended, false if it is suspended. */
  private boolean begin() {
    Object body = awaited;
    awaited = null;
    state = RUNNING;
    Object value = null;
    try {
      if (isVoid()) {
        Launch.run((AsyncRunnable<?>) body, this);
      } else {
        value = Launch.call((AsyncCallable<?, ?>) body, this);
      }
    } catch (Throwable failure) {
      fail(failure);
      return true;
    }
    if (status == SUSPENDED) {
      unwound();
      return false;
    }
    succeed(value);
    return true;
  }

  /** True if the body has ended, false if it is suspended again. */
  private boolean goOn() {
    Object wait = awaited;
    awaited = null;
    byte before = state;
    state = RUNNING;
    Scope requested = null;
    if (before != WAITING && pendingRequests != 0) {
      requested = toBeThrown();
    }
    if (requested != null) {
      fail(requested.thrown());
    } else if (wait == Yield.INSTANCE) {
      succeed(null);
    } else if (wait == null) {
      resumeWith(pendingSuspension());
    } else {
      ((Wait) wait).deliver(this);
    }
    return resume();
  }

  /** After a step: ends or parks; steps on where what it waits for is there already. */
  final void proceed(boolean hasEnded) {
    boolean ended = hasEnded;
    while (!ended || !hasOutcome()) {
      if (park()) {
        return;
      }
      ended = resume();
    }
    state = DONE;
    Object outcome = takeOutcome();
    ended(outcome);
    if (outcome instanceof Outcome.Failure) {
      loop().escapeIfFatal(((Outcome.Failure) outcome).cause);
    }
  }

  /** The body has ended. */
  void ended(Object outcome) {
    task.end(outcome);
  }

  /** Begins to wait; false if the body can go on at once. */
  private boolean park() {
    Object wait = awaited;
    if (wait == Yield.INSTANCE) {
      state = YIELDING;
      task.loop.callbacks.ready(this);
      return true;
    }
    state = WAITING;
    if (wait != null) {
      ((Wait) wait).arm(this);
    } else if (!handOver()) {
      state = RUNNING;
      return false;
    }
    if (pendingRequests != 0) {
      interrupt();
    }
    return true;
  }

  // ------------------------------------------------------------------ suspending

  /** Suspends the body until the wait has ended; called by a primitive, which then returns. */
  final void suspendFor(Wait wait) {
    awaited = wait;
    suspending();
  }

  final boolean waitsFor(Wait wait) {
    return state == WAITING && awaited == wait;
  }

  @Override
  protected void admit(String what) {}

  @Override
  protected void abandoned(Throwable cause) {
    awaited = null; // not armed yet
  }

  /** Takes the next step in the next iteration: what the body waits for has ended. */
  final void resumeSoon() {
    task.loop.callbacks.ready(this);
  }

  @Override
  protected void wake(Suspension<?> suspension) {
    // A loop that is closed has no tasks left: nobody misses this one.
    task.loop.callbacks.post(this);
  }

  /** The outcome of what the body waited for, which is about to resume. */
  final void deliver(Object outcome) {
    if (outcome instanceof Outcome.Failure) {
      fail(Outcome.cause((Outcome.Failure) outcome));
    } else if (outcome == Outcome.CANCELLED) {
      Scope requested = toBeThrown();
      fail(requested != null ? requested.thrown() : Outcome.cancellation());
    } else {
      succeed(outcome == Outcome.NULL ? null : outcome);
    }
  }

  private Suspension<?> pendingSuspension() {
    Suspension<?> suspension = pending();
    assert suspension != null;
    return suspension;
  }

  // ------------------------------------------------------------------ scopes and requests

  /** The scope of the task itself. */
  final Scope root() {
    Scope outermost = scope;
    if (outermost == null) {
      outermost = new Scope(this, null);
      scope = outermost;
    }
    while (outermost.outer != null) {
      outermost = outermost.outer;
    }
    return outermost;
  }

  /** The innermost scope, around the one that is about to be entered. */
  final Scope scope() {
    Scope innermost = scope;
    return innermost == null ? root() : innermost;
  }

  /** The innermost scope, if one was entered. */
  final @Nullable Scope scopeOrNull() {
    return scope;
  }

  final void enter(Scope inner) {
    scope = inner;
  }

  final void leave(Scope inner) {
    scope = inner.outer;
  }

  @Override
  final boolean isOwn(Cancelled error) {
    Object origin = error.origin();
    return origin instanceof Scope
        && ((Scope) origin).body == this
        && ((Scope) origin).outer == null;
  }

  /** The request that a suspension throws: that of the outermost scope that is not masked. */
  private @Nullable Scope toBeThrown() {
    Scope found = null;
    if (pendingRequests != 0) {
      for (Scope s = scope; s != null && !s.masks(); s = s.outer) {
        if (s.isPending()) {
          found = s;
        }
      }
    }
    return found;
  }

  /** Asks the task to end. */
  final void cancel() {
    root().request();
    interrupt();
  }

  /**
   * Lets the body resume with a request that is pending, if it is suspended. If it awaits a task,
   * that is asked to end, and so is the task which that one awaits, and so on; the body resumes
   * when the task that it awaits has ended.
   *
   * <p>Tasks that await one another in a ring would never end: the one where the walk meets its own
   * track resumes at once. The track is Brent's: a mark that moves up at each power of two.
   */
  final void interrupt() {
    TaskBody mark = this;
    int steps = 0;
    TaskBody body = interruptOne();
    while (body != null) {
      if (body == mark) {
        body.leaveRing();
        return;
      }
      body.root().request();
      if (Integer.bitCount(++steps) == 1) {
        mark = body;
      }
      body = body.interruptOne();
    }
  }

  /** Lets this body resume with its request; or gives the body of the task that it awaits. */
  private @Nullable TaskBody interruptOne() {
    if (state != WAITING || toBeThrown() == null) {
      return null;
    }
    Object wait = awaited;
    if (wait instanceof LoopTask) {
      return ((LoopTask<?>) wait).body; // null: it has ended, and this body is about to resume
    }
    if (wait == null ? cancelSuspension() : ((Wait) wait).cancel(this)) {
      resumeCancelled();
    }
    return null;
  }

  private boolean cancelSuspension() {
    try {
      return pendingSuspension().cancel();
    } catch (Throwable failure) { // of an action, which runs when the suspension is cancelled
      loop().report("an action for the cancellation of a suspension failed", failure, task);
      return true;
    }
  }

  private void resumeCancelled() {
    state = CANCELLED;
    resumeSoon();
  }

  private void leaveRing() {
    if (state == WAITING && awaited instanceof LoopTask) {
      ((LoopTask<?>) awaited).removeWaiter(this);
      resumeCancelled();
    }
  }

  // ------------------------------------------------------------------ for readers

  /** True if the body has frames to show. */
  final boolean isSuspended() {
    return state == WAITING || state == YIELDING || state == CANCELLED;
  }

  final String describe() {
    switch (state) {
      case NEW:
        return "not started";
      case RUNNING:
        return "running";
      case WAITING:
        return awaited == null ? "suspended" : ((Wait) awaited).describe();
      case CANCELLED:
        return "about to be cancelled";
      default:
        return Yield.INSTANCE.describe();
    }
  }
}
