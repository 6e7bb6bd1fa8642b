package io.treadle.task;

/**
 * What a suspended task waits for, unless that is a {@link io.treadle.continuation.Suspension}.
 * Used on the thread of the task's loop.
 */
interface Wait {
  /** Begins to wait: the body has been unwound. */
  void arm(TaskBody waiter);

  /**
   * Stops waiting, since the body was asked to stop.
   *
   * @return true if the body resumes at once; false if it is about to resume anyway, or has to wait
   *     for the end of what was asked to stop as well
   */
  boolean cancel(TaskBody waiter);

  /** Gives the outcome to the body, which resumes. */
  void deliver(TaskBody waiter);

  /** What the task is doing, for a reader: "sleeping". */
  String describe();
}
