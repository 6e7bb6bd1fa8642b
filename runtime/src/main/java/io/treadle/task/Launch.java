package io.treadle.task;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncRunnable;
import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Twin;
import org.jspecify.annotations.Nullable;

/**
 * The way from plain code into a woven body: the weaver puts the twins of these methods in the
 * place of the native declarations.
 */
final class Launch {
  private Launch() {}

  @Async
  static @Nullable Object call(AsyncCallable<?, ?> body) throws Throwable {
    return body.call();
  }

  @Twin
  static native @Nullable Object call(AsyncCallable<?, ?> body, Coroutine coroutine)
      throws Throwable;

  @Async
  static void run(AsyncRunnable<?> body) throws Throwable {
    body.run();
  }

  @Twin
  static native void run(AsyncRunnable<?> body, Coroutine coroutine) throws Throwable;
}
