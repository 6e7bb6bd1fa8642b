package io.treadle.task;

import io.treadle.Blocking;
import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Suspension;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Blocking work on another thread, and the suspension that waits for it. */
public final class Offload<T extends @Nullable Object> implements Runnable {
  private final Blocking<? extends T, ?> work;
  private final Suspension<T> suspension;

  /** The thread that works. Guarded by this; so no interrupt hits a thread that has gone on. */
  private @Nullable Thread worker;

  /** Guarded by this. */
  private boolean cancelled;

  private Offload(Blocking<? extends T, ?> work, Suspension<T> suspension) {
    this.work = Objects.requireNonNull(work);
    this.suspension = suspension;
  }

  /** {@link io.treadle.Treadle#offload(Blocking)}. */
  public static <T extends @Nullable Object> T call(
      Blocking<? extends T, ?> work, Coroutine coroutine) {
    Executor executor =
        coroutine instanceof TaskBody
            ? ((TaskBody) coroutine).loop().offloadPool()
            : OffloadPool.SHARED;
    return call(executor, work, coroutine);
  }

  /** {@link io.treadle.Treadle#offload(Executor, Blocking)}. */
  public static <T extends @Nullable Object> T call(
      Executor executor, Blocking<? extends T, ?> work, Coroutine coroutine) {
    Suspension<T> suspension = Suspension.of(coroutine, "offload");
    Offload<T> offload = new Offload<>(work, suspension);
    executor.execute(offload);
    suspension.onCancel(offload::cancel);
    return suspension.await();
  }

  @Override
  public void run() {
    synchronized (this) {
      if (cancelled) {
        return;
      }
      worker = Thread.currentThread();
    }
    T value = null;
    Throwable failure = null;
    try {
      value = work.call();
    } catch (Throwable t) {
      failure = t;
    }
    synchronized (this) {
      worker = null;
      if (cancelled) {
        Thread.interrupted(); // it was for the work, not for the pool
      }
    }
    // Whether the task still waits, the suspension decides: if not, the outcome is dropped.
    if (failure == null) {
      suspension.resume(value);
    } else {
      suspension.fail(failure);
    }
  }

  private synchronized void cancel() {
    cancelled = true;
    if (worker != null) {
      worker.interrupt();
    }
  }
}
