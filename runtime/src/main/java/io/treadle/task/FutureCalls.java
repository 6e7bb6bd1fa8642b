package io.treadle.task;

import io.treadle.continuation.FutureBody;
import io.treadle.continuation.FutureStyle;

/**
 * The service that makes the coroutines of future-style calls: tasks of the loop that this thread
 * runs, else bodies without a loop.
 */
public final class FutureCalls implements FutureStyle {
  /** For the service loader. */
  public FutureCalls() {}

  @Override
  public FutureBody begin(Class<?> declared) {
    TaskLoop loop = TaskLoop.running();
    return loop != null && !loop.isClosed()
        ? new FutureTaskBody(loop, declared)
        : new LooplessBody(declared);
  }
}
