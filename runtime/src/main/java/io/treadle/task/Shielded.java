package io.treadle.task;

import io.treadle.AsyncCallable;
import io.treadle.AsyncRunnable;
import io.treadle.continuation.Coroutine;
import org.jspecify.annotations.Nullable;

/** The wait for a task that goes on when its waiter is cancelled. */
public final class Shielded implements Wait, Runnable {
  private final LoopTask<?> task;

  /** Null once it has left. */
  private @Nullable TaskBody waiter;

  private Shielded(LoopTask<?> task) {
    this.task = task;
  }

  /** {@link io.treadle.Treadle#shielded(AsyncCallable)}. */
  public static <T extends @Nullable Object> T call(
      AsyncCallable<? extends T, ?> body, Coroutine coroutine) {
    TaskBody caller = Caller.task("shielded", coroutine);
    return suspend(caller, caller.loop().startTask(body));
  }

  /** {@link io.treadle.Treadle#shielded(AsyncRunnable)}. */
  public static void run(AsyncRunnable<?> body, Coroutine coroutine) {
    TaskBody caller = Caller.task("shielded", coroutine);
    suspend(caller, caller.loop().startTask(body));
  }

  private static <T extends @Nullable Object> T suspend(TaskBody caller, LoopTask<?> task) {
    caller.suspendFor(new Shielded(task));
    return Outcome.get(Outcome.NULL);
  }

  @Override
  public void arm(TaskBody waiter) {
    this.waiter = waiter;
    task.addWaiter(this);
  }

  @Override
  public void run() {
    if (waiter != null) {
      waiter.resumeSoon();
    } else if (task.outcome() instanceof Outcome.Failure) {
      Outcome.Failure failure = (Outcome.Failure) task.outcome();
      if (!failure.seen) {
        task.loop.report(
            task.name() + " failed, a shielded body, after its caller had left",
            Outcome.cause(failure),
            task);
      }
    }
  }

  @Override
  public boolean cancel(TaskBody waiter) {
    if (task.isDone()) {
      return false;
    }
    this.waiter = null;
    return true;
  }

  @Override
  public void deliver(TaskBody waiter) {
    task.deliver(waiter);
  }

  @Override
  public String describe() {
    return "awaiting " + task.name() + ", shielded";
  }
}
