package io.treadle.task;

import io.treadle.Task;
import io.treadle.continuation.Suspension;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The coroutine of a future-style call on a thread that runs no loop. It resumes on the thread that
 * completes what it awaits.
 *
 * <p>A request to end may come from any thread. It is a flag; and whoever takes a suspension away
 * from its resumer ({@link Suspension#cancel}, a compare-and-set) owns the body and resumes it. The
 * body publishes its suspension and then looks at the flag, the other side sets the flag and then
 * looks at the suspension; both are volatile, so at least one sees the other.
 */
final class LooplessBody extends Body implements Cancellable {
  private static final Set<String> NEED_NO_LOOP = Set.of("await", "suspend", "offload");

  private final boolean returnsTask;

  /** Null until the first suspension: then nobody can ask the body to end. */
  private @Nullable BodyFuture<@Nullable Object> future;

  /** True from a request to end until it is thrown. */
  private volatile boolean requested;

  /** The suspension that was parked last; cancelling an old one does nothing. */
  private volatile @Nullable Suspension<?> parked;

  /** What is awaited and ends by itself when it is cancelled. Published by {@link #parked}. */
  private @Nullable LoopFuture<?> awaited;

  /** How many uncancellable bodies are around. Published by {@link #parked}. */
  private int masks;

  LooplessBody(Class<?> declared) {
    super(STAGE);
    this.returnsTask = declared == Task.class;
  }

  // ------------------------------------------------------------------ the call

  @Override
  public Object returned(@Nullable Object stage) {
    boolean suspended = status == SUSPENDED;
    if (suspended) {
      unwound();
    } else if (!returnsTask && Outcome.isComplete(stage)) {
      return stage;
    } else {
      succeed(stage);
    }
    return start(!suspended);
  }

  @Override
  public Object failed(Throwable failure) {
    fail(failure);
    return start(true);
  }

  private Object start(boolean ended) {
    BodyFuture<@Nullable Object> made = new BodyFuture<>(null, this);
    future = made;
    end(proceed(ended));
    return returnsTask ? new DetachedTask<>(made, this) : made;
  }

  // ------------------------------------------------------------------ steps

  /** The outcome once the body has ended; null when it is parked, and perhaps running elsewhere. */
  private @Nullable Object proceed(boolean hasEnded) {
    boolean ended = hasEnded;
    while (!ended || !hasOutcome()) {
      Suspension<?> suspension = pending();
      assert suspension != null;
      LoopFuture<?> future = awaited;
      boolean masked = masks > 0;
      parked = suspension;
      if (handOver()) {
        // The body may be running elsewhere by now: nothing of it may be touched before it is won.
        if (!requested || masked || !takeBack(suspension, future)) {
          return null;
        }
        throwRequest();
      }
      awaited = null;
      ended = resume();
    }
    return takeOutcome();
  }

  /** True if this thread has won the body, to throw the request in it. */
  private static boolean takeBack(Suspension<?> suspension, @Nullable LoopFuture<?> future) {
    if (future != null) {
      future.cancel(true); // and wait for its end
      return false;
    }
    try {
      return suspension.cancel();
    } catch (Throwable failure) { // of an action, which runs when the suspension is cancelled
      TaskLoop.log("an action for the cancellation of a suspension failed", failure);
      return true;
    }
  }

  private void throwRequest() {
    fail(request());
  }

  private Cancelled request() {
    requested = false;
    return new Cancelled(this, "the future of the call was cancelled");
  }

  @Override
  protected void wake(Suspension<?> suspension) {
    resumeWith(suspension);
    goOn();
  }

  @Override
  public void requestCancel() {
    requested = true;
    Suspension<?> suspension = parked;
    if (suspension != null && masks == 0 && takeBack(suspension, awaited)) {
      throwRequest();
      goOn();
    }
  }

  /** Resumes the body, which has no loop, whatever runs on this thread. */
  private void goOn() {
    awaited = null;
    TaskLoop hidden = TaskLoop.hide();
    Object outcome;
    try {
      outcome = proceed(resume());
    } finally {
      TaskLoop.show(hidden);
    }
    end(outcome);
  }

  private void end(@Nullable Object outcome) {
    BodyFuture<@Nullable Object> to = future;
    if (outcome != null && to != null && !to.end(outcome) && outcome instanceof Outcome.Failure) {
      TaskLoop.log(
          "a body without a loop failed after others had completed its future",
          ((Outcome.Failure) outcome).cause);
    }
  }

  // ------------------------------------------------------------------ primitives

  @Override
  protected void admit(String what) {
    if (!NEED_NO_LOOP.contains(what)) {
      throw new IllegalStateException(
          what
              + " needs an event loop: a future-style method that is called on a thread without one"
              + " has none; start it with EventLoop.submit(...)");
    }
  }

  /** Awaits a task or future of a loop. */
  @Nullable Object await(LoopFuture<?> future) {
    Suspension<@Nullable Object> suspension = Suspension.of(this, "await");
    awaited = future;
    future.whenDone(() -> deliver(future, suspension));
    return suspension.await();
  }

  private void deliver(LoopFuture<?> future, Suspension<@Nullable Object> suspension) {
    Object outcome = future.outcome();
    if (outcome == Outcome.CANCELLED && requested && masks == 0) {
      suspension.fail(request());
      return;
    }
    try {
      suspension.resume(Outcome.get(outcome));
    } catch (Throwable failure) {
      suspension.fail(failure);
    }
  }

  void mask() {
    masks++;
  }

  void unmask() {
    masks--;
  }

  @Override
  boolean isOwn(Cancelled error) {
    return error.origin() == this;
  }

  @Override
  protected void abandoned(Throwable cause) {
    awaited = null;
  }
}
