package io.treadle.continuation;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A suspension is parked by its coroutine while others resume, fail and cancel it: every
 * interleaving gives what some order of the calls gives, and the coroutine is woken once or not at
 * all.
 */
public class SuspensionRaceTest {
  private static final class Probe extends Coroutine {
    private volatile int woken;

    @Override
    protected void admit(String what) {}

    @Override
    protected void wake(Suspension<?> suspension) {
      woken++;
    }
  }

  private final Probe coroutine = new Probe();
  private final Suspension<Integer> suspension = Suspension.of(coroutine, "test");
  private volatile boolean parked;
  private volatile boolean resumed;
  private volatile int cancelActions;
  private volatile boolean cancelled;

  /** Lincheck makes one for each run. */
  public SuspensionRaceTest() {}

  /** The coroutine's thread parks once: true if it has to wait. */
  @Operation(runOnce = true, nonParallelGroup = "coroutine")
  public boolean park() {
    parked = suspension.park();
    return parked;
  }

  @Operation
  public String resume(int value) {
    try {
      boolean taken = suspension.resume(value);
      if (taken) {
        resumed = true;
      }
      return String.valueOf(taken);
    } catch (IllegalStateException second) {
      return "second";
    }
  }

  @Operation
  public String fail() {
    try {
      boolean taken = suspension.fail(new RuntimeException());
      if (taken) {
        resumed = true;
      }
      return String.valueOf(taken);
    } catch (IllegalStateException second) {
      return "second";
    }
  }

  @Operation(nonParallelGroup = "cancel")
  public boolean cancel() {
    boolean done = suspension.cancel();
    cancelled |= done;
    return done;
  }

  @Operation(runOnce = true)
  public void onCancel() {
    suspension.onCancel(() -> cancelActions++);
  }

  @Validate
  public void wokenOnceIfItWaited() {
    int expected = parked && resumed ? 1 : 0;
    if (coroutine.woken != expected) {
      throw new IllegalStateException("woken " + coroutine.woken + " times, not " + expected);
    }
    if (cancelActions > 1 || resumed && cancelActions > 0) {
      throw new IllegalStateException(
          "action for the cancellation ran " + cancelActions + " times");
    }
    if (resumed && cancelled) {
      throw new IllegalStateException("resumed and cancelled");
    }
  }

  @Test
  void everyInterleavingOfAFewCalls() {
    new ModelCheckingOptions()
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(1)
        .iterations(10)
        .invocationsPerIteration(200)
        .check(SuspensionRaceTest.class);
  }

  @Test
  void realThreads() {
    new StressOptions()
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(1)
        .iterations(10)
        .invocationsPerIteration(200)
        .check(SuspensionRaceTest.class);
  }
}
