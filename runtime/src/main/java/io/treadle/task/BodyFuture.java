package io.treadle.task;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of a future-style call. Whoever else completes it (by {@code cancel}, {@code
 * complete}, {@code orTimeout}) cancels the body.
 */
final class BodyFuture<T extends @Nullable Object> extends BlockingGuard<T> {
  private final Cancellable body;

  BodyFuture(@Nullable TaskLoop loop, Cancellable body) {
    super(loop);
    this.body = body;
  }

  private boolean byOthers(boolean completed) {
    if (completed) {
      body.requestCancel();
    }
    return completed;
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new BlockingGuard<>(loop);
  }

  @Override
  public boolean complete(T value) {
    return byOthers(super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return byOthers(super.completeExceptionally(failure));
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean first = !isDone();
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    byOthers(first && cancelled);
    return cancelled;
  }

  @Override
  public void obtrudeValue(T value) {
    super.obtrudeValue(value);
    byOthers(true);
  }

  @Override
  public void obtrudeException(Throwable failure) {
    super.obtrudeException(failure);
    byOthers(true);
  }

  /** As the method it overrides, which would complete it unseen. */
  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    Objects.requireNonNull(supplier);
    executor.execute(
        () -> {
          if (isDone()) {
            return;
          }
          try {
            complete(supplier.get());
          } catch (Throwable failure) {
            completeExceptionally(new CompletionException(failure));
          }
        });
    return this;
  }
}
