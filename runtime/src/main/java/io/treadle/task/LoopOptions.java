package io.treadle.task;

import io.treadle.EventLoop;
import io.treadle.loop.ParkingPoller;
import io.treadle.loop.SystemClock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The options of one loop. */
final class LoopOptions implements EventLoop.Options {
  private static final AtomicInteger LOOPS = new AtomicInteger();

  private @Nullable String name;
  EventLoop.Clock clock = new SystemClock();
  EventLoop.Poller poller = new ParkingPoller();
  EventLoop.@Nullable ReadyOrder order;
  int offloadThreads = OffloadPool.THREADS;
  Duration offloadShutdown = Duration.ofSeconds(10);

  String name() {
    return name == null ? "loop-" + LOOPS.incrementAndGet() : name;
  }

  @Override
  public EventLoop.Options name(String name) {
    this.name = Objects.requireNonNull(name);
    return this;
  }

  @Override
  public EventLoop.Options clock(EventLoop.Clock clock) {
    this.clock = Objects.requireNonNull(clock);
    return this;
  }

  @Override
  public EventLoop.Options poller(EventLoop.Poller poller) {
    this.poller = Objects.requireNonNull(poller);
    return this;
  }

  @Override
  public EventLoop.Options readyOrder(EventLoop.ReadyOrder order) {
    this.order = Objects.requireNonNull(order);
    return this;
  }

  @Override
  public EventLoop.Options offloadThreads(int threads) {
    if (threads <= 0) {
      throw new IllegalArgumentException("offloadThreads: " + threads);
    }
    this.offloadThreads = threads;
    return this;
  }

  @Override
  public EventLoop.Options offloadShutdown(Duration atMost) {
    this.offloadShutdown = Objects.requireNonNull(atMost);
    return this;
  }
}
