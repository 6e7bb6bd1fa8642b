package io.treadle;

import java.time.Duration;

/**
 * A clock and a poller for a loop that waits in no time: the clock jumps to the next deadline. A
 * loop that would wait for ever fails.
 */
final class VirtualTime implements EventLoop.Clock, EventLoop.Poller {
  private long now;

  /** A loop that runs in virtual time. */
  static EventLoop loop() {
    return new VirtualTime().open();
  }

  /** A loop that runs in this time. */
  EventLoop open() {
    return EventLoop.open(options -> options.clock(this).poller(this));
  }

  /** Lets time pass, as a computation would. */
  void pass(Duration time) {
    now += time.toNanos();
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void poll(long nanos) {
    if (nanos == Long.MAX_VALUE) {
      throw new IllegalStateException("deadlock: nothing is ready, and no timer is set");
    }
    now += nanos;
  }

  @Override
  public void wakeUp() {}

  @Override
  public void close() {}
}
