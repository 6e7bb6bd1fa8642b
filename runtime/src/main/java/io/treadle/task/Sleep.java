package io.treadle.task;

import io.treadle.loop.Timer;

/** The wait for a point in time. */
final class Sleep extends Timer implements Wait {
  private final TaskBody waiter;

  Sleep(TaskBody waiter, long deadline) {
    super(waiter.loop().callbacks, deadline);
    this.waiter = waiter;
  }

  @Override
  public void arm(TaskBody waiter) {
    start();
  }

  @Override
  protected void fire() {
    waiter.resumeSoon();
  }

  @Override
  public boolean cancel(TaskBody waiter) {
    return cancel();
  }

  @Override
  public void deliver(TaskBody waiter) {
    waiter.deliver(Outcome.NULL);
  }

  @Override
  public String describe() {
    return "sleeping";
  }
}
