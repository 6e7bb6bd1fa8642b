package io.treadle.continuation;

import java.util.concurrent.CountDownLatch;

/**
 * The coroutine of a stub that runs a trampoline of its own and blocks its thread: a policy for
 * tests.
 */
final class Drive extends Coroutine {
  /** Open once the suspension that was handed over last has an outcome. */
  private volatile CountDownLatch woken = new CountDownLatch(1);

  private volatile Suspension<?> outcome;

  @Override
  protected void admit(String what) {}

  @Override
  protected void wake(Suspension<?> suspension) {
    outcome = suspension;
    woken.countDown();
  }

  void toTheEnd() {
    unwound();
    do {
      woken = new CountDownLatch(1);
      if (handOver()) {
        awaitOutcome();
      }
    } while (!resume());
  }

  private void awaitOutcome() {
    boolean interrupted = false;
    while (true) {
      try {
        woken.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    resumeWith(outcome);
  }
}
