package io.treadle.task;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncRunnable;
import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Twin;
import org.jspecify.annotations.Nullable;

/** A scope that keeps requests for what is around it pending. */
public final class Uncancellable extends Scope {
  private Uncancellable(TaskBody body) {
    super(body, body.scope());
    body.enter(this);
  }

  @Override
  boolean masks() {
    return true;
  }

  /** {@link io.treadle.Treadle#uncancellable(AsyncCallable)}. */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T call(
      AsyncCallable<? extends T, X> body) throws X {
    Object masked = begin();
    try {
      return body.call();
    } finally {
      end(masked);
    }
  }

  /** {@link io.treadle.Treadle#uncancellable(AsyncRunnable)}. */
  @Async
  public static <X extends Throwable> void run(AsyncRunnable<X> body) throws X {
    Object masked = begin();
    try {
      body.run();
    } finally {
      end(masked);
    }
  }

  @Async
  private static @Nullable Object begin() {
    throw new IllegalStateException("not woven");
  }

  /** What {@link #end} needs; null for a body that nobody can ask to end. */
  @Twin
  private static @Nullable Object begin(Coroutine coroutine) {
    if (coroutine instanceof TaskBody) {
      return new Uncancellable((TaskBody) coroutine);
    }
    if (coroutine instanceof LooplessBody) {
      ((LooplessBody) coroutine).mask();
      return coroutine;
    }
    return null;
  }

  private static void end(@Nullable Object masked) {
    if (masked instanceof Uncancellable) {
      ((Uncancellable) masked).exit();
    } else if (masked != null) {
      ((LooplessBody) masked).unmask();
    }
  }
}
