package io.treadle.task;

/** A body that can be asked to end, on any thread. */
interface Cancellable {
  /** Asks the body to end. Nothing happens if it has. */
  void requestCancel();
}
