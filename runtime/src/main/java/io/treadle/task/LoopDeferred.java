package io.treadle.task;

import io.treadle.Deferred;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A deferred value of a loop. Any thread sets the outcome, by a compare-and-set that publishes it.
 */
final class LoopDeferred<T extends @Nullable Object> extends Deferred<T> implements LoopFuture<T> {
  private static final VarHandle OUTCOME;

  static {
    try {
      OUTCOME = MethodHandles.lookup().findVarHandle(LoopDeferred.class, "outcome", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final TaskLoop loop;
  private @Nullable Object waiters;
  private volatile @Nullable Object outcome;

  LoopDeferred(TaskLoop loop) {
    this.loop = loop;
  }

  @Override
  public boolean complete(T value) {
    return end(Outcome.ofValue(value));
  }

  @Override
  public boolean fail(Throwable failure) {
    return end(Outcome.ofFailure(Objects.requireNonNull(failure)));
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return end(Outcome.CANCELLED);
  }

  private boolean end(Object how) {
    if (outcome != null || !OUTCOME.compareAndSet(this, null, how)) {
      return false;
    }
    if (loop.callbacks.inLoop()) {
      wakeWaiters();
    } else {
      loop.callbacks.post(this::wakeWaiters);
    }
    return true;
  }

  @Override
  public boolean isCancelled() {
    return outcome == Outcome.CANCELLED;
  }

  @Override
  public String toString() {
    Object now = outcome;
    return "Deferred@"
        + Integer.toHexString(hashCode())
        + (now == null
            ? "[not done]"
            : now == Outcome.CANCELLED
                ? "[cancelled]"
                : now instanceof Outcome.Failure
                    ? "[failed: " + ((Outcome.Failure) now).cause + "]"
                    : "[done]");
  }

  // ------------------------------------------------------------------ LoopFuture

  @Override
  public TaskLoop loop() {
    return loop;
  }

  @Override
  public @Nullable Object outcome() {
    return outcome;
  }

  @Override
  public @Nullable Object waiters() {
    return waiters;
  }

  @Override
  public void setWaiters(@Nullable Object waiters) {
    this.waiters = waiters;
  }

  @Override
  public String label() {
    return "a Deferred";
  }
}
