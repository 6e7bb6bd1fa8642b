package io.treadle.loop;

import io.treadle.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** A clock that is set by hand, and a poller that notes for how long it was asked to wait. */
final class ManualTime implements EventLoop.Clock, EventLoop.Poller {
  long now;
  int reads;
  final List<Long> polls = new ArrayList<>();
  boolean closed;

  /** What happens while the loop waits. */
  Runnable whilePolling = () -> {};

  @Override
  public long nanos() {
    reads++;
    return now;
  }

  @Override
  public void poll(long nanos) {
    polls.add(nanos);
    whilePolling.run();
  }

  @Override
  public void wakeUp() {}

  @Override
  public void close() {
    closed = true;
  }
}
