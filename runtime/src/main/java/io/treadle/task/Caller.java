package io.treadle.task;

import io.treadle.Async;
import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Suspension;
import io.treadle.continuation.Twin;

/** Who calls: the way from woven code to the task that it runs in. */
final class Caller {
  private Caller() {}

  /**
   * The task that the caller runs in.
   *
   * @param what for the message: what needs a task
   * @throws IllegalStateException if the caller does not run in a task
   */
  @Async
  static TaskBody task(String what) {
    throw new IllegalStateException("not woven");
  }

  @Twin
  static TaskBody task(String what, Coroutine coroutine) {
    if (coroutine instanceof TaskBody) {
      return (TaskBody) coroutine;
    }
    Suspension.of(coroutine, what); // refuses, and says why
    throw new IllegalStateException(what + " needs an event loop; start the body with Treadle.run");
  }
}
