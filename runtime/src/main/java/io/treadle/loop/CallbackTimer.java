package io.treadle.loop;

import org.jspecify.annotations.Nullable;

/** A timer that runs a callback. */
final class CallbackTimer extends Timer {
  /** Null once it has run or was cancelled: whoever keeps the handle does not keep the callback. */
  private @Nullable Runnable callback;

  CallbackTimer(CallbackLoop loop, long deadline, Runnable callback) {
    super(loop, deadline);
    this.callback = callback;
  }

  @Override
  protected void fire() {
    Runnable now = callback;
    callback = null;
    if (now != null) {
      now.run();
    }
  }

  @Override
  public boolean cancel() {
    if (!super.cancel()) {
      return false;
    }
    callback = null;
    return true;
  }
}
