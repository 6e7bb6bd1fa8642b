package io.treadle.task;

/** The wait for a task or future of another loop: its completion is posted to the waiter's loop. */
final class RemoteWait implements Wait, Runnable {
  private final LoopFuture<?> future;
  private final TaskBody waiter;

  RemoteWait(LoopFuture<?> future, TaskBody waiter) {
    this.future = future;
    this.waiter = waiter;
    future.whenDone(() -> waiter.loop().callbacks.post(this));
  }

  @Override
  public void arm(TaskBody waiter) {}

  @Override
  public void run() {
    if (waiter.waitsFor(this)) {
      waiter.run();
    }
  }

  @Override
  public boolean cancel(TaskBody waiter) {
    future.cancel(true);
    return false;
  }

  @Override
  public void deliver(TaskBody waiter) {
    future.deliver(waiter);
  }

  @Override
  public String describe() {
    return future.describe() + " of another loop";
  }
}
