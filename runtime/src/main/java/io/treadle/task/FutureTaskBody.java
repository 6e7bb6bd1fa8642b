package io.treadle.task;

import io.treadle.Task;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The coroutine of a future-style call on the thread of a loop: a task that begins at once. */
final class FutureTaskBody extends TaskBody {
  /** Null: the caller gets the task itself. */
  private @Nullable BodyFuture<@Nullable Object> future;

  private final boolean returnsTask;

  /** The task that makes the call, while it does; null if a plain callback does. */
  private @Nullable LoopTask<?> caller;

  FutureTaskBody(TaskLoop loop, Class<?> declared) {
    super(new LoopTask<@Nullable Object>(loop));
    this.returnsTask = declared == Task.class;
    this.caller = loop.current;
    task.body = this;
    loop.number(task);
    loop.current = task;
  }

  @Override
  public Object returned(@Nullable Object stage) {
    boolean suspended = status == SUSPENDED;
    if (suspended) {
      unwound();
    } else if (!returnsTask && hasValue(stage)) {
      task.end(Outcome.of((CompletableFuture<?>) stage));
      callReturns();
      return stage;
    } else {
      succeed(stage);
    }
    return start(!suspended);
  }

  /** True if there is nothing to adopt: the stage can be handed to the caller as it is. */
  private static boolean hasValue(@Nullable Object stage) {
    return Outcome.isComplete(stage) && !((CompletableFuture<?>) stage).isCompletedExceptionally();
  }

  @Override
  public Object failed(Throwable failure) {
    fail(failure);
    return start(true);
  }

  private Object start(boolean ended) {
    Object result = task;
    if (!returnsTask) {
      future = new BodyFuture<>(loop(), (LoopTask<?>) task);
      result = future;
    }
    loop().add(task);
    try {
      proceed(ended);
    } finally {
      callReturns();
    }
    return result;
  }

  private void callReturns() {
    loop().current = caller;
    caller = null;
  }

  @Override
  void ended(Object outcome) {
    BodyFuture<@Nullable Object> to = future;
    if (to != null && !to.isDone() && outcome instanceof Outcome.Failure) {
      ((Outcome.Failure) outcome).seen = true; // whoever has the future is told
    }
    super.ended(outcome);
    if (to == null || to.isDone()) {
      return;
    }
    // Its dependents are the caller's code and run now; they are no part of this task.
    LoopTask<?> running = loop().current;
    loop().current = null;
    try {
      to.end(outcome);
    } finally {
      loop().current = running;
    }
  }
}
