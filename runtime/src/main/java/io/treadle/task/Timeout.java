package io.treadle.task;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncRunnable;
import io.treadle.CancelledError;
import io.treadle.continuation.Sneaky;
import io.treadle.loop.Timer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A scope that is asked to end when its time is over. */
public final class Timeout extends Scope {
  private final Duration duration;
  private final Alarm alarm;

  private Timeout(Duration duration, TaskBody body) {
    super(body, body.scope());
    this.duration = duration;
    this.alarm = new Alarm(this, body.loop().callbacks.deadline(duration));
    body.enter(this);
    alarm.start();
  }

  private static final class Alarm extends Timer {
    private final Timeout timeout;

    Alarm(Timeout timeout, long deadline) {
      super(timeout.body.loop().callbacks, deadline);
      this.timeout = timeout;
    }

    @Override
    protected void fire() {
      timeout.request();
      timeout.body.interrupt();
    }
  }

  /** {@link io.treadle.Treadle#withTimeout(Duration, AsyncCallable)}. */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T call(
      Duration duration, AsyncCallable<? extends T, X> body) throws X, TimeoutException {
    Timeout timeout = new Timeout(duration, Caller.task("withTimeout"));
    try {
      return body.call();
    } catch (CancelledError error) {
      throw timeout.outcome(error);
    } finally {
      timeout.end();
    }
  }

  /** {@link io.treadle.Treadle#withTimeout(Duration, AsyncRunnable)}. */
  @Async
  public static <X extends Throwable> void run(Duration duration, AsyncRunnable<X> body)
      throws X, TimeoutException {
    Timeout timeout = new Timeout(duration, Caller.task("withTimeout"));
    try {
      body.run();
    } catch (CancelledError error) {
      throw timeout.outcome(error);
    } finally {
      timeout.end();
    }
  }

  /** What an error that leaves the body becomes. Throws what is no timeout. */
  private TimeoutException outcome(CancelledError error) {
    if (!(error instanceof Cancelled) || ((Cancelled) error).origin() != this) {
      throw error;
    }
    TimeoutException outcome = new TimeoutException("timed out after " + duration);
    outcome.initCause(error);
    Scope outer = askedSince();
    if (outer != null) {
      Cancelled instead = outer.thrown();
      instead.addSuppressed(outcome);
      throw Sneaky.rethrow(instead);
    }
    return outcome;
  }

  private void end() {
    alarm.cancel();
    exit();
  }

  @Override
  String message() {
    return "timed out after " + duration;
  }
}
