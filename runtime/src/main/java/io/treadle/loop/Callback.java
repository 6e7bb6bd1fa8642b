package io.treadle.loop;

import io.treadle.Handle;
import org.jspecify.annotations.Nullable;

/** A callback that is ready, until it runs or is cancelled. It belongs to the loop's thread. */
final class Callback implements Runnable, Handle {
  /** Null once it has run or was cancelled: whoever keeps the handle does not keep the callback. */
  private @Nullable Runnable callback;

  private boolean cancelled;

  Callback(Runnable callback) {
    this.callback = callback;
  }

  @Override
  public void run() {
    Runnable now = callback;
    if (now != null) {
      callback = null;
      now.run();
    }
  }

  @Override
  public boolean cancel() {
    if (callback == null) {
      return false;
    }
    callback = null;
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
