package io.treadle.task;

import io.treadle.Task;
import io.treadle.continuation.Coroutine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wait for the first of several tasks. */
public final class FirstCompleted<T extends @Nullable Object> implements Wait {
  private final List<Entrant> entrants = new ArrayList<>();
  private @Nullable TaskBody waiter;
  private @Nullable Task<T> first;

  private FirstCompleted(Collection<Task<T>> tasks) {
    for (Task<T> task : tasks) {
      entrants.add(new Entrant(task));
    }
  }

  /** {@link io.treadle.Treadle#firstCompleted}. */
  public static <T extends @Nullable Object> Task<T> of(
      Collection<Task<T>> tasks, Coroutine coroutine) {
    TaskBody caller = Caller.task("firstCompleted", coroutine);
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("no tasks to wait for");
    }
    for (Task<T> task : tasks) {
      if (task.isDone()) {
        return task;
      }
    }
    caller.suspendFor(new FirstCompleted<>(tasks));
    return null;
  }

  /** One of the tasks; the callback that runs when it is done. */
  private final class Entrant implements Runnable {
    private final Task<T> task;

    Entrant(Task<T> task) {
      this.task = task;
    }

    @Override
    public void run() {
      TaskBody resumed = waiter;
      if (resumed != null) {
        first = task;
        leave();
        resumed.resumeSoon();
      }
    }
  }

  @Override
  public void arm(TaskBody waiter) {
    this.waiter = waiter;
    TaskLoop loop = waiter.loop();
    for (Entrant entrant : entrants) {
      if (isOf(loop, entrant.task)) {
        ((LoopTask<T>) entrant.task).addWaiter(entrant);
      } else {
        entrant.task.whenComplete((value, failure) -> loop.callbacks.post(entrant));
      }
    }
  }

  @Override
  public boolean cancel(TaskBody waiter) {
    if (first != null) {
      return false;
    }
    leave();
    return true;
  }

  /** Leaves no trace at tasks that may live long. */
  private void leave() {
    TaskBody left = waiter;
    waiter = null;
    for (Entrant entrant : entrants) {
      if (left != null && isOf(left.loop(), entrant.task)) {
        ((LoopTask<T>) entrant.task).removeWaiter(entrant);
      }
    }
  }

  private static boolean isOf(TaskLoop loop, Task<?> task) {
    return task instanceof LoopTask && ((LoopTask<?>) task).loop == loop;
  }

  @Override
  public void deliver(TaskBody waiter) {
    assert first != null;
    waiter.deliver(Outcome.ofValue(first));
  }

  @Override
  public String describe() {
    return "awaiting the first of " + entrants.size() + " tasks";
  }
}
