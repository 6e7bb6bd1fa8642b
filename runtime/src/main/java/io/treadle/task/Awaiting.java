package io.treadle.task;

import io.treadle.Resumer;
import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Sneaky;
import io.treadle.continuation.Suspension;
import io.treadle.loop.CallbackLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The primitives that suspend. They have no frames: a caller that resumes finds the outcome itself.
 */
public final class Awaiting {
  private Awaiting() {}

  /** {@link io.treadle.Treadle#await(CompletionStage)}. */
  @SuppressWarnings("unchecked") // the outcome is of the type of the stage
  public static <T extends @Nullable Object> T await(
      CompletionStage<? extends T> stage, Coroutine coroutine) {
    if (stage instanceof LoopFuture) {
      return (T) await((LoopFuture<?>) stage, coroutine);
    }
    if (stage instanceof DetachedTask) {
      return await(((DetachedTask<? extends T>) stage).future(), coroutine);
    }
    if (Outcome.isComplete(stage)) {
      return now((CompletableFuture<? extends T>) stage);
    }
    Suspension<T> suspension = Suspension.of(coroutine, "await");
    ForeignStage<T> registered = new ForeignStage<>(stage, suspension);
    stage.whenComplete(registered);
    suspension.onCancel(registered);
    return suspension.await();
  }

  private static <T extends @Nullable Object> T now(CompletableFuture<? extends T> complete) {
    try {
      return complete.join();
    } catch (Throwable failure) {
      throw Sneaky.rethrow(Outcome.ownFailure(failure));
    }
  }

  private static @Nullable Object await(LoopFuture<?> future, Coroutine coroutine) {
    Object outcome = future.outcome();
    if (outcome != null) {
      return Outcome.get(outcome);
    }
    if (coroutine instanceof TaskBody) {
      TaskBody body = (TaskBody) coroutine;
      if (future == body.task) {
        throw new IllegalStateException(
            body.task.name() + " awaits itself, and would wait for ever");
      }
      body.suspendFor(future.loop() == body.loop() ? future : new RemoteWait(future, body));
      return null;
    }
    if (coroutine instanceof LooplessBody) {
      return ((LooplessBody) coroutine).await(future);
    }
    Suspension<@Nullable Object> suspension = Suspension.of(coroutine, "await");
    future.whenDone(
        () -> {
          try {
            suspension.resume(future.isDone() ? Outcome.get(future.outcome()) : null);
          } catch (Throwable failure) {
            suspension.fail(failure);
          }
        });
    return suspension.await();
  }

  /** A stage that is not of a loop: resumes when it is complete, and cancels it. */
  private static final class ForeignStage<T extends @Nullable Object>
      implements BiConsumer<T, @Nullable Throwable>, Runnable {
    private final CompletionStage<? extends T> stage;
    private final Suspension<T> suspension;

    ForeignStage(CompletionStage<? extends T> stage, Suspension<T> suspension) {
      this.stage = stage;
      this.suspension = suspension;
    }

    @Override
    public void accept(T value, @Nullable Throwable failure) {
      if (failure == null) {
        suspension.resume(value);
      } else {
        suspension.fail(Outcome.ownFailure(failure));
      }
    }

    @Override
    public void run() {
      CompletableFuture<?> future;
      try {
        future = stage.toCompletableFuture();
      } catch (UnsupportedOperationException e) { // which a stage may throw: it cannot be cancelled
        return;
      }
      future.cancel(true);
    }
  }

  /** {@link io.treadle.Treadle#sleep}. */
  public static void sleep(Duration duration, Coroutine coroutine) {
    long nanos = CallbackLoop.nanos(duration);
    if (coroutine instanceof TaskBody) {
      TaskBody body = (TaskBody) coroutine;
      body.suspendFor(
          nanos == 0 ? Yield.INSTANCE : new Sleep(body, body.loop().callbacks.deadline(duration)));
      return;
    }
    Suspension<@Nullable Void> suspension = Suspension.of(coroutine, "sleep");
    CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS)
        .execute(() -> suspension.resume(null));
    suspension.await();
  }

  /** {@link io.treadle.Treadle#yieldNow}. */
  public static void yieldNow(Coroutine coroutine) {
    if (coroutine instanceof TaskBody) {
      ((TaskBody) coroutine).suspendFor(Yield.INSTANCE);
      return;
    }
    Suspension.of(coroutine, "yieldNow"); // refuses where there is nobody to yield to
    Thread.yield();
  }

  /** {@link io.treadle.Treadle#suspend}. */
  public static <T extends @Nullable Object> T suspend(
      Consumer<? super Resumer<T>> start, Coroutine coroutine) {
    Suspension<T> suspension = Suspension.of(coroutine, "suspend");
    try {
      start.accept(suspension);
    } catch (Throwable failure) {
      suspension.cancel(); // a resumer that was handed out answers that nobody waits
      throw Sneaky.rethrow(failure);
    }
    return suspension.await();
  }
}
