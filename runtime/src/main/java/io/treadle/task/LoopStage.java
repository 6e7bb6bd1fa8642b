package io.treadle.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A stage that was made of a future of a loop: its default executor is the loop. */
class LoopStage<T extends @Nullable Object> extends BlockingGuard<T> {
  private final TaskLoop executor;

  LoopStage(TaskLoop loop) {
    super(loop);
    this.executor = loop;
  }

  @Override
  public final <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new LoopStage<>(executor);
  }

  @Override
  public final Executor defaultExecutor() {
    return executor;
  }
}
