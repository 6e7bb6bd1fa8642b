package io.treadle.loop;

import io.treadle.EventLoop;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A poller without channels: the loop's thread parks, and a wake-up unparks it. */
public final class ParkingPoller implements EventLoop.Poller {
  /**
   * Set by a wake-up, cleared when a poll ends.
   *
   * <p>This and {@link #parked} are each written before the other is read, by opposite sides, and
   * both are volatile: either the poll sees the wake-up, or the wake-up sees the thread.
   */
  private volatile boolean woken;

  /** The thread that polls. */
  private volatile @Nullable Thread parked;

  /** Makes a poller for one loop. */
  public ParkingPoller() {}

  @Override
  public void poll(long nanos) {
    parked = Thread.currentThread();
    if (!woken) {
      if (nanos == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, nanos);
      }
    }
    parked = null;
    woken = false;
  }

  @Override
  public void wakeUp() {
    woken = true;
    LockSupport.unpark(parked);
  }

  @Override
  public void close() {}
}
