package io.treadle.loop;

import io.treadle.EventLoop;

/**
 * The clock of the machine.
 *
 * <p>It counts from the moment when this class was initialised, so that a deadline can be saturated
 * at {@link Long#MAX_VALUE} and deadlines can be compared: {@link System#nanoTime} itself may start
 * anywhere and wrap around.
 */
public final class SystemClock implements EventLoop.Clock {
  private static final long ORIGIN = System.nanoTime();

  /** Makes a clock. All of them show the same time. */
  public SystemClock() {}

  @Override
  public long nanos() {
    return System.nanoTime() - ORIGIN;
  }
}
