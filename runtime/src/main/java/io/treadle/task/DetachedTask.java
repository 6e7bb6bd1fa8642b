package io.treadle.task;

import io.treadle.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A task without a loop: it is done from the start, or its body resumes wherever a stage completes.
 */
public final class DetachedTask<T extends @Nullable Object> extends Task<T>
    implements StageDelegate<T> {
  private final CompletableFuture<T> future;

  /** Null: the task was done from the start. */
  private final @Nullable Cancellable body;

  private volatile String name = "a task without a loop";

  DetachedTask(CompletableFuture<T> future, @Nullable Cancellable body) {
    this.future = future;
    this.body = body;
  }

  /** {@link Task#completed}. */
  public static <T extends @Nullable Object> Task<T> completed(T value) {
    return new DetachedTask<>(CompletableFuture.completedFuture(value), null);
  }

  /** {@link Task#failed}. */
  public static <T extends @Nullable Object> Task<T> failed(Throwable failure) {
    return new DetachedTask<>(CompletableFuture.failedFuture(failure), null);
  }

  /** What completes when the task is done. */
  CompletableFuture<T> future() {
    return future;
  }

  @Override
  public <R> R attach(Function<CompletionStage<T>, R> dependent) {
    return dependent.apply(future);
  }

  /** A copy, as that of other tasks is: its {@code cancel} requests. */
  @Override
  public CompletableFuture<T> toCompletableFuture() {
    Copy<T> copy = new Copy<>(this);
    future.whenComplete((value, failure) -> copy.end(Outcome.of(future)));
    return copy;
  }

  private static final class Copy<T extends @Nullable Object> extends BlockingGuard<T> {
    private final DetachedTask<T> source;

    Copy(DetachedTask<T> source) {
      super(null);
      this.source = source;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return source.cancel();
    }
  }

  @Override
  public boolean cancel() {
    if (body == null || future.isDone()) {
      return false;
    }
    body.requestCancel();
    return true;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return cancel();
  }

  @Override
  public boolean isDone() {
    return future.isDone();
  }

  @Override
  public boolean isCancelled() {
    return future.isCancelled();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return future.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(timeout, unit);
  }

  @Override
  public T result() {
    return Outcome.get(outcome());
  }

  @Override
  public @Nullable Throwable exception() {
    return Outcome.exception(outcome());
  }

  private Object outcome() {
    if (!future.isDone()) {
      throw new IllegalStateException(name + " is not done");
    }
    return Outcome.of(future);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Task<T> name(String name) {
    this.name = name;
    return this;
  }

  @Override
  public StackTraceElement[] stackTrace() {
    return new StackTraceElement[0];
  }

  @Override
  public String toString() {
    return name + (isDone() ? isCancelled() ? "[cancelled]" : "[done]" : "[not done]");
  }
}
