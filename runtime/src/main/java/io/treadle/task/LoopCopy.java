package io.treadle.task;

import org.jspecify.annotations.Nullable;

/**
 * A copy of a future of a loop; and the callback that completes it. Its {@code cancel} requests.
 */
final class LoopCopy<T extends @Nullable Object> extends LoopStage<T> implements Runnable {
  private final LoopFuture<T> source;

  LoopCopy(LoopFuture<T> source) {
    super(source.loop());
    this.source = source;
  }

  @Override
  public void run() {
    Object outcome = source.outcome();
    assert outcome != null;
    end(outcome);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return source.cancel(mayInterruptIfRunning);
  }
}
