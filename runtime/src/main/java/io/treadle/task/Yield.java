package io.treadle.task;

/**
 * The wait for everything else that is ready. {@link TaskBody} knows it and keeps it off its hot
 * path.
 */
final class Yield implements Wait {
  static final Yield INSTANCE = new Yield();

  private Yield() {}

  @Override
  public void arm(TaskBody waiter) {
    waiter.resumeSoon();
  }

  @Override
  public boolean cancel(TaskBody waiter) {
    return false;
  }

  @Override
  public void deliver(TaskBody waiter) {
    waiter.deliver(Outcome.NULL);
  }

  @Override
  public String describe() {
    return "ready";
  }
}
