package io.treadle.loop;

import io.treadle.Handle;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A callback that another thread has posted, and may cancel: whoever takes the reference first, the
 * loop or the one who cancels, decides.
 */
final class PostedCallback extends AtomicReference<@Nullable Runnable> implements Runnable, Handle {
  private static final long serialVersionUID = 1L;

  /** Written by the one thread that took the callback away; read after that only. */
  private volatile boolean cancelled;

  PostedCallback(Runnable callback) {
    super(callback);
  }

  @Override
  public void run() {
    Runnable now = getAndSet(null);
    if (now != null) {
      now.run();
    }
  }

  @Override
  public boolean cancel() {
    if (getAndSet(null) == null) {
      return false;
    }
    cancelled = true;
    return true;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public long deadline() {
    throw new IllegalStateException("this callback is not a timer and has no deadline");
  }
}
