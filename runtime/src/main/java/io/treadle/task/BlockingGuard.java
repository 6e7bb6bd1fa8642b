package io.treadle.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A {@code CompletableFuture} that a loop completes, and whose thread must not wait for it. */
class BlockingGuard<T extends @Nullable Object> extends CompletableFuture<T> {
  /** Null: no loop has to do with it. */
  final @Nullable TaskLoop loop;

  BlockingGuard(@Nullable TaskLoop loop) {
    this.loop = loop;
  }

  /** Completes it; false if it is complete. */
  final boolean end(Object outcome) {
    if (outcome == Outcome.CANCELLED) {
      return super.cancel(false);
    }
    if (outcome instanceof Outcome.Failure) {
      return super.completeExceptionally(Outcome.cause((Outcome.Failure) outcome));
    }
    return super.complete(Outcome.get(outcome));
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    check();
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    check();
    return super.get(timeout, unit);
  }

  @Override
  public T join() {
    check();
    return super.join();
  }

  private void check() {
    if (loop != null && !isDone()) {
      loop.refuseToBlock("a future");
    }
  }
}
