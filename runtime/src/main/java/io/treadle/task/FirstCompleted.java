package io.treadle.task;

import io.treadle.Async;
import io.treadle.Task;
import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Suspension;
import io.treadle.continuation.Twin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The suspension until the first of several tasks is done. */
public final class FirstCompleted {
  private final Suspension<Task<?>> suspension;

  /** Guarded by this. */
  private final List<Entrant> entrants = new ArrayList<>();

  /** True once a task is done, or nobody waits any more. Guarded by this. */
  private boolean over;

  private FirstCompleted(Suspension<Task<?>> suspension) {
    this.suspension = suspension;
  }

  /**
   * The task that is done first. Its type is not said, which would make this a future-style method.
   */
  @Async
  public static Object of(Collection<? extends Task<?>> tasks) {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #of(Collection)}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static @Nullable Object of(Collection<? extends Task<?>> tasks, Coroutine coroutine) {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("no tasks to wait for");
    }
    for (Task<?> task : tasks) {
      if (task.isDone()) {
        return task;
      }
    }
    Suspension<Task<?>> suspension = Suspension.of(coroutine, "await");
    FirstCompleted race = new FirstCompleted(suspension);
    suspension.onCancel(race::cancel);
    for (Task<?> task : tasks) {
      race.enter(task);
    }
    return suspension.await();
  }

  /** One of the tasks; the callback that runs when it is done. */
  private final class Entrant implements Runnable {
    private final Task<?> task;

    Entrant(Task<?> task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (end()) {
        suspension.resume(task);
        leave();
      }
    }
  }

  private void enter(Task<?> task) {
    Entrant entrant = new Entrant(task);
    synchronized (this) {
      if (over) {
        return;
      }
      entrants.add(entrant);
    }
    if (task instanceof LoopTask) {
      ((LoopTask<?>) task).whenDone(entrant);
    } else {
      task.whenComplete((value, failure) -> entrant.run());
    }
  }

  /** True for the first one: tasks of several loops may be done at the same time. */
  private synchronized boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }

  private void cancel() {
    if (end()) {
      leave();
    }
  }

  /** Leaves no trace at tasks that may live long. */
  private void leave() {
    List<Entrant> left;
    synchronized (this) {
      left = List.copyOf(entrants);
    }
    for (Entrant entrant : left) {
      if (entrant.task instanceof LoopTask) {
        LoopTask<?> task = (LoopTask<?>) entrant.task;
        task.loop.callbacks.post(() -> task.removeWaiter(entrant));
      }
    }
  }
}
