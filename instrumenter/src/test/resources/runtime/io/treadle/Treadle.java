package io.treadle;

import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Twin;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

public final class Treadle {
  @Async
  public static <T> T await(CompletionStage<? extends T> stage) {
    throw new IllegalStateException("not woven");
  }

  @Twin
  public static <T> T await(CompletionStage<? extends T> stage, Coroutine coroutine) {
    return stage.toCompletableFuture().join();
  }

  @Async
  public static void sleep(Duration duration) {
    throw new IllegalStateException("not woven");
  }

  @Twin
  public static void sleep(Duration duration, Coroutine coroutine) {}

  public static <T, X extends Throwable> T run(AsyncCallable<? extends T, X> main) throws X {
    return null;
  }

  public static <X extends Throwable> void run(AsyncRunnable<X> main) throws X {}

  public static <T> Task<T> spawn(AsyncCallable<? extends T, ?> body) {
    return null;
  }

  public static Task<Void> spawn(AsyncRunnable<?> body) {
    return null;
  }

  @Async
  public static <T, X extends Throwable> T offload(Blocking<? extends T, X> work) throws X {
    return work.call();
  }
}
