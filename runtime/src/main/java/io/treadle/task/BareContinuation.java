package io.treadle.task;

import io.treadle.AsyncRunnable;
import io.treadle.Continuation;
import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Sneaky;
import io.treadle.continuation.Suspension;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A body that is resumed by hand. */
public final class BareContinuation extends Continuation {
  private static final Body ENDED = new Body(null);

  /** Null while the body runs. */
  private @Nullable Body body;

  /** {@link Continuation#of}. */
  public BareContinuation(AsyncRunnable<?> body) {
    this.body = new Body(Objects.requireNonNull(body));
  }

  @Override
  public void run() {
    Body now = body;
    if (now == null) {
      throw new IllegalStateException("the continuation is running");
    }
    if (now == ENDED) {
      throw new IllegalStateException("the continuation has ended");
    }
    body = null;
    Body next = ENDED;
    try {
      if (!now.step()) {
        next = now;
      }
    } catch (Throwable failure) {
      throw Sneaky.rethrow(failure);
    } finally {
      body = next;
    }
  }

  @Override
  public boolean isDone() {
    return body == ENDED;
  }

  /** {@link Continuation#pause}, in a coroutine. */
  public static void pause(Coroutine coroutine) {
    if (!(coroutine instanceof Body)) {
      throw new IllegalStateException(
          "Continuation.pause() was called outside a continuation: this body is run by an event"
              + " loop or a future-style call; Treadle.yieldNow() and Treadle.suspend(...) suspend"
              + " it");
    }
    coroutine.suspending();
  }

  /** The coroutine. Before the first step, its register holds the body that the user wrote. */
  private static final class Body extends Coroutine {
    Body(@Nullable AsyncRunnable<?> body) {
      succeed(body);
    }

    /** Runs to the next pause or to the end; true at the end. */
    boolean step() throws Throwable {
      if (status == SUSPENDED) {
        succeed(null);
        if (!resume()) {
          return false;
        }
        takeVoid();
        return true;
      }
      AsyncRunnable<?> body = (AsyncRunnable<?>) takeRef();
      Launch.run(body, this);
      if (status == SUSPENDED) {
        unwound();
        return false;
      }
      return true;
    }

    @Override
    protected void admit(String what) {
      throw new IllegalStateException(
          what
              + " cannot suspend a continuation, which has no event loop: use Continuation.pause(),"
              + " or run the body as a task");
    }

    @Override
    protected void wake(Suspension<?> suspension) {
      throw new AssertionError("never waits for a suspension");
    }
  }
}
