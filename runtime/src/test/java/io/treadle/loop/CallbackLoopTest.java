package io.treadle.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.EventLoop;
import io.treadle.Handle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackLoopTest {

  /**
   * Collects what callbacks throw; lets errors of the machine through, as the loop of tasks does.
   */
  static final class Failures implements CallbackLoop.Listener {
    final List<Throwable> failures = new ArrayList<>();
    int interrupts;

    @Override
    public void failed(Runnable callback, Throwable failure) {
      if (failure instanceof OutOfMemoryError) {
        throw (OutOfMemoryError) failure;
      }
      failures.add(failure);
    }

    @Override
    public void interrupted() {
      interrupts++;
    }
  }

  private final ManualTime time = new ManualTime();
  private final Failures listener = new Failures();
  private final CallbackLoop loop = new CallbackLoop(time, time, null, listener);
  private final List<Object> log = new ArrayList<>();

  @AfterEach
  void leaveNoInterrupt() {
    Thread.interrupted();
  }

  private boolean iterate() {
    loop.enter();
    try {
      return loop.runOnce(0);
    } finally {
      loop.exit();
    }
  }

  // ------------------------------------------------------------------ iterations

  @Test
  void anIterationRunsExactlyWhatWasReadyWhenItBegan() {
    loop.callSoon(
        () -> {
          log.add("a");
          loop.callSoon(() -> log.add("c"));
        });
    loop.callSoon(() -> log.add("b"));
    assertThat(iterate()).isTrue();
    assertThat(log).containsExactly("a", "b");
    assertThat(iterate()).isTrue();
    assertThat(log).containsExactly("a", "b", "c");
    assertThat(iterate()).isFalse();
  }

  @Test
  void whatWasPostedRunsBeforeTimersThatAreDueAndAfterWhatWasReady() {
    loop.callSoon(
        () -> {
          loop.callAt(0, () -> log.add("timer"));
          loop.callSoon(() -> log.add("soon"));
        });
    iterate();
    onThread(() -> loop.callSoonThreadsafe(() -> log.add("posted")));
    iterate();
    assertThat(log).containsExactly("soon", "posted", "timer");
  }

  @Test
  void whatAThreadPostedRunsBeforeWhatItCausedTheLoopToCallLater() {
    loop.callSoon(
        () -> {
          onThread(() -> loop.callSoonThreadsafe(() -> log.add("posted")));
          loop.callSoon(() -> log.add("soon, and the post happened before"));
        });
    iterate();
    iterate();
    assertThat(log).containsExactly("posted", "soon, and the post happened before");
  }

  @Test
  void theClockIsReadOnlyWhileATimerIsSet() {
    loop.callSoon(() -> {});
    iterate();
    iterate();
    assertThat(time.reads).isZero();
    loop.callAt(10, () -> {});
    iterate();
    assertThat(time.reads).isPositive();
    time.now = 10;
    iterate();
    int reads = time.reads;
    iterate();
    assertThat(time.reads).isEqualTo(reads);
  }

  @Test
  void waitsUntilTheNextTimerAndNoLongerThanItMay() {
    loop.callAt(100, () -> log.add("timer"));
    time.now = 40;
    loop.enter();
    loop.runOnce(Long.MAX_VALUE);
    loop.runOnce(25);
    loop.runOnce(0);
    assertThat(time.polls).containsExactly(60L, 25L);
    time.whilePolling = () -> time.now = 100;
    assertThat(loop.runOnce(Long.MAX_VALUE)).isTrue();
    assertThat(log).containsExactly("timer");
    loop.runOnce(Long.MAX_VALUE);
    assertThat(time.polls).endsWith(Long.MAX_VALUE);
    loop.exit();
  }

  @Test
  void doesNotWaitWhileSomethingIsReady() {
    loop.callSoon(() -> loop.callSoon(() -> {}));
    loop.enter();
    loop.runOnce(Long.MAX_VALUE);
    loop.runOnce(Long.MAX_VALUE);
    loop.exit();
    assertThat(time.polls).isEmpty();
  }

  @Test
  void stopEndsTheRunAfterTheIterationUnderWay() {
    loop.callSoon(
        () -> {
          loop.stop();
          loop.callSoon(() -> log.add("next run"));
        });
    loop.callSoon(() -> log.add("same iteration"));
    loop.enter();
    loop.runUntilStopped();
    assertThat(log).containsExactly("same iteration");
    loop.stop();
    loop.runUntilStopped();
    loop.exit();
    assertThat(log).containsExactly("same iteration", "next run");
    assertThat(time.polls).isEmpty();
  }

  @Test
  void theReadyOrderArrangesEachIteration() {
    EventLoop.ReadyOrder reversed =
        batch -> {
          for (int i = 0, j = batch.size() - 1; i < j; i++, j--) {
            batch.swap(i, j);
          }
        };
    CallbackLoop other = new CallbackLoop(time, time, reversed, listener);
    for (int i = 0; i < 5; i++) {
      int number = i;
      other.callSoon(
          () -> {
            log.add(number);
            other.callSoon(() -> log.add("then " + number));
          });
    }
    other.enter();
    other.runOnce(0);
    assertThat(log).containsExactly(4, 3, 2, 1, 0);
    other.runOnce(0);
    other.exit();
    assertThat(log).endsWith("then 0", "then 1", "then 2", "then 3", "then 4");
  }

  // ------------------------------------------------------------------ handles

  @Test
  void aCancelledCallbackDoesNotRun() {
    Handle[] handles = new Handle[3];
    handles[0] = loop.callSoon(() -> log.add("must not run"));
    assertThat(handles[0].cancel()).isTrue();
    loop.callSoon(() -> log.add(handles[1].cancel()));
    handles[1] = loop.callSoon(() -> log.add("must not run"));
    handles[2] = loop.callSoonThreadsafe(() -> log.add("must not run"));
    onThread(() -> log.add(handles[2].cancel()));
    iterate();
    assertThat(log).containsExactly(true, true);
    assertThat(handles).allMatch(Handle::isCancelled).allMatch(handle -> !handle.cancel());
  }

  @Test
  void aCallbackThatHasRunIsNotCancelled() {
    Handle soon = loop.callSoon(() -> {});
    Handle posted = loop.callSoonThreadsafe(() -> {});
    iterate();
    assertThat(List.of(soon, posted)).noneMatch(Handle::cancel).noneMatch(Handle::isCancelled);
  }

  @Test
  void onlyATimerHasADeadline() {
    time.now = 5;
    assertThat(loop.callLater(Duration.ofNanos(7), () -> {}).deadline()).isEqualTo(12);
    assertThatThrownBy(loop.callSoon(() -> {})::deadline).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(loop.callSoonThreadsafe(() -> {})::deadline)
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void delaysAreSaturated() {
    time.now = 5;
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    assertThat(loop.callLater(forever, () -> {}).deadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(loop.callLater(Duration.ofDays(106_751), () -> {}).deadline()).isPositive();
    assertThat(loop.callLater(Duration.ofSeconds(-1), () -> {}).deadline()).isEqualTo(5);
  }

  // ------------------------------------------------------------------ failures

  @Test
  void aCallbackThatThrowsDoesNotStopTheOthers() {
    RuntimeException failure = new RuntimeException("boom");
    loop.callSoon(
        () -> {
          throw failure;
        });
    loop.callSoon(() -> log.add("next"));
    iterate();
    assertThat(listener.failures).containsExactly(failure);
    assertThat(log).containsExactly("next");
  }

  @Test
  void anErrorThatLeavesTheLoopLeavesItUsable() {
    loop.callSoon(
        () -> {
          throw new OutOfMemoryError("for the test");
        });
    loop.callSoon(() -> log.add("still there"));
    assertThatThrownBy(this::iterate).isInstanceOf(OutOfMemoryError.class);
    assertThat(loop.isRunning()).isFalse();
    iterate();
    assertThat(log).containsExactly("still there");
  }

  @Test
  void anInterruptIsToldToTheLayerAboveAndCleared() {
    Thread.currentThread().interrupt();
    iterate();
    assertThat(listener.interrupts).isEqualTo(1);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  // ------------------------------------------------------------------ threads

  @Test
  void otherThreadsAreRefusedWhileTheLoopRuns() {
    Handle timer = loop.callAt(1_000, () -> {});
    loop.callSoon(
        () ->
            onThread(
                () -> {
                  refused(() -> loop.callSoon(() -> {}));
                  refused(() -> loop.callAt(1, () -> {}));
                  refused(timer::cancel);
                  refused(loop::enter);
                  log.add("refused");
                }));
    iterate();
    assertThat(listener.failures).isEmpty();
    assertThat(log).containsExactly("refused");
  }

  private static void refused(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void manyPostsWhileTheLoopSleepsCostOneWakeUp() {
    AtomicInteger wakeUps = new AtomicInteger();
    CountDownLatch posted = new CountDownLatch(1);
    EventLoop.Poller poller =
        new EventLoop.Poller() {
          @Override
          public void poll(long nanos) {
            try {
              onThread(
                  () -> {
                    for (int i = 0; i < 1_000; i++) {
                      posting.callSoonThreadsafe(() -> log.add("posted"));
                    }
                    posted.countDown();
                  });
              posted.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }

          @Override
          public void wakeUp() {
            wakeUps.incrementAndGet();
          }

          @Override
          public void close() {}
        };
    posting = new CallbackLoop(time, poller, null, listener);
    posting.enter();
    assertThat(posting.runOnce(Long.MAX_VALUE)).isTrue();
    posting.exit();
    assertThat(log).hasSize(1_000);
    assertThat(wakeUps).hasValue(1);
  }

  private CallbackLoop posting = loop;

  /** Lost wake-ups would leave this waiting; overtaking would break the order of one thread. */
  @Test
  void fourThreadsPostToALoopThatFallsAsleepAllTheTime() throws InterruptedException {
    int threads = 4;
    int posts = 50_000;
    CallbackLoop parking = new CallbackLoop(new SystemClock(), new ParkingPoller(), null, listener);
    int[] next = new int[threads];
    int[] left = {threads * posts};
    List<Thread> started = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < posts; i++) {
                  int expected = i;
                  parking.post(
                      () -> {
                        if (next[number]++ != expected) {
                          throw new AssertionError("overtaken: " + expected);
                        }
                        if (--left[0] == 0) {
                          parking.stop();
                        }
                      });
                  if (i % 64 == 0) {
                    Thread.yield();
                  }
                }
              });
      thread.start();
      started.add(thread);
    }
    parking.enter();
    parking.runUntilStopped();
    parking.exit();
    for (Thread thread : started) {
      thread.join();
    }
    assertThat(listener.failures).isEmpty();
    assertThat(next).containsOnly(posts);
  }

  @Test
  void stopWakesALoopThatSleeps() throws InterruptedException {
    CallbackLoop parking = new CallbackLoop(new SystemClock(), new ParkingPoller(), null, listener);
    for (int i = 0; i < 2_000; i++) {
      Thread stopper = new Thread(parking::stop);
      parking.enter();
      stopper.start();
      parking.runUntilStopped();
      parking.exit();
      stopper.join();
    }
  }

  // ------------------------------------------------------------------ closing

  @Test
  void aClosedLoopTakesNothingMore() {
    loop.callSoon(() -> log.add("must not run"));
    loop.callAt(0, () -> log.add("must not run"));
    loop.close();
    assertThat(time.closed).isTrue();
    assertThat(loop.isClosed()).isTrue();
    assertThat(loop.post(() -> {})).isFalse();
    refused(() -> loop.callSoon(() -> {}));
    refused(() -> loop.callSoonThreadsafe(() -> {}));
    refused(() -> loop.callAt(1, () -> {}));
    refused(loop::enter);
    assertThat(log).isEmpty();
  }

  @Test
  void closingDropsHandlesAndRunsWhatHasNone() {
    loop.callSoon(() -> log.add("must not run"));
    loop.callSoonThreadsafe(() -> log.add("must not run"));
    loop.ready(() -> loop.ready(() -> log.add("second")));
    onThread(() -> loop.post(() -> log.add("first")));
    loop.enter();
    loop.close();
    assertThat(loop.post(() -> log.add("must not run"))).isFalse();
    loop.exit();
    assertThat(log).containsExactly("first", "second");
  }

  private static void onThread(Runnable work) {
    Throwable[] failure = new Throwable[1];
    Thread thread = new Thread(work);
    thread.setUncaughtExceptionHandler((t, e) -> failure[0] = e);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure[0] != null) {
      throw new AssertionError(failure[0]);
    }
  }
}
