package io.treadle.task;

import io.treadle.CancelledError;

/** A request to stop, as it is thrown: it knows whose it is. */
final class Cancelled extends CancelledError {
  private static final long serialVersionUID = 1L;

  /** The {@link Scope} that is to end; or the body, if that has no loop. */
  private final transient Object origin;

  Cancelled(Object origin, String message) {
    super(message);
    this.origin = origin;
  }

  Object origin() {
    return origin;
  }
}
