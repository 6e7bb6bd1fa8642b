package io.treadle.task;

import io.treadle.Task;
import org.jspecify.annotations.Nullable;

/** A task of a loop. The outcome is for all threads, everything else for that of the loop. */
final class LoopTask<T extends @Nullable Object> extends Task<T>
    implements LoopFuture<T>, Cancellable {
  private static final StackTraceElement[] NOT_SUSPENDED = {};

  final TaskLoop loop;

  /** The coroutine; null once the task is done. */
  @Nullable TaskBody body;

  /** The neighbours among the tasks of the loop. */
  @Nullable LoopTask<?> previous;

  @Nullable LoopTask<?> next;

  /** Counts the tasks of the loop; 0 until the loop knows this one. */
  int number;

  private volatile @Nullable String name;
  private @Nullable Object waiters;

  /** Written by the loop's thread, once; publishes what the task did. */
  private volatile @Nullable Object outcome;

  LoopTask(TaskLoop loop) {
    this.loop = loop;
  }

  /** The body has ended. In the loop. */
  void end(Object outcome) {
    this.outcome = outcome;
    body = null;
    loop.remove(this);
    wakeWaiters();
  }

  // ------------------------------------------------------------------ Task

  @Override
  public boolean cancel() {
    if (outcome != null) {
      return false;
    }
    if (loop.callbacks.inLoop()) {
      cancelInLoop();
    } else {
      loop.callbacks.post(this::cancelInLoop);
    }
    return true;
  }

  private void cancelInLoop() {
    TaskBody running = body;
    if (running != null) {
      running.cancel();
    }
  }

  @Override
  public void requestCancel() {
    cancel();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return cancel();
  }

  @Override
  public boolean isCancelled() {
    return outcome == Outcome.CANCELLED;
  }

  @Override
  public T result() {
    return Outcome.get(done());
  }

  @Override
  public @Nullable Throwable exception() {
    return Outcome.exception(done());
  }

  private Object done() {
    Object now = outcome;
    if (now == null) {
      throw new IllegalStateException(name() + " is not done");
    }
    return now;
  }

  @Override
  public String name() {
    String given = name;
    if (given != null) {
      return given;
    }
    return number == 0 ? "a submitted task" : "Task-" + number;
  }

  @Override
  public Task<T> name(String name) {
    this.name = name;
    return this;
  }

  @Override
  public StackTraceElement[] stackTrace() {
    loop.callbacks.requireThread("look at the stack of a task");
    TaskBody suspended = body;
    return suspended == null || !suspended.isSuspended()
        ? NOT_SUSPENDED
        : suspended.suspendedAt().toArray(NOT_SUSPENDED);
  }

  @Override
  public String toString() {
    Object now = outcome;
    String state =
        now == null
            ? "not done"
            : now == Outcome.CANCELLED
                ? "cancelled"
                : now instanceof Outcome.Failure
                    ? "failed: " + ((Outcome.Failure) now).cause
                    : "done";
    return name() + "[" + state + "]";
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
    return name();
  }
}
