package io.treadle;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.offload;
import static io.treadle.Treadle.spawn;
import static io.treadle.Treadle.withTimeout;
import static io.treadle.Treadle.yieldNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class OffloadTest {
  private final List<Object> log = new ArrayList<>();

  @Test
  void blocksAnotherThread() throws InterruptedException {
    Thread here = Thread.currentThread();
    Treadle.run(
        () -> {
          CountDownLatch latch = new CountDownLatch(1);
          EventLoop.current().callSoon(latch::countDown);
          Thread there =
              offload(
                  () -> {
                    latch.await();
                    return Thread.currentThread();
                  });
          assertThat(there).isNotSameAs(here);
          assertThat(Thread.currentThread()).isSameAs(here);
        });
  }

  @Test
  void throwsWhatTheWorkThrows() {
    IOException failure = new IOException("boom");
    assertThatThrownBy(
            () ->
                Treadle.run(
                    () ->
                        offload(
                            () -> {
                              throw failure;
                            })))
        .isSameAs(failure);
  }

  @Test
  void anExecutorMayRunTheWorkAtOnce() {
    Treadle.run(
        () -> {
          EventLoop.current().callSoon(() -> log.add("callback"));
          log.add(offload(Runnable::run, () -> "value"));
          yieldNow();
        });
    assertThat(log).containsExactly("value", "callback");
  }

  @Test
  void anExecutorMayRejectTheWork() {
    assertThatThrownBy(
            () ->
                Treadle.run(
                    () ->
                        offload(
                            work -> {
                              throw new RejectedExecutionException("full");
                            },
                            () -> "value")))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void cancellationInterruptsTheThreadAndResumesTheTaskAtOnce() throws Exception {
    CountDownLatch works = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Treadle.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    offload(
                        () -> {
                          works.countDown();
                          try {
                            new CountDownLatch(1).await();
                          } catch (InterruptedException e) {
                            interrupted.countDown();
                            mayEnd.await();
                          }
                          return "too late";
                        });
                  });
          offload(
              () -> {
                works.await();
                return null;
              });
          task.cancel();
          try {
            await(task);
          } catch (CancellationException e) {
            log.add("cancelled");
          }
          offload(
              () -> {
                interrupted.await();
                return null;
              });
          mayEnd.countDown();
        });
    assertThat(log).containsExactly("cancelled");
  }

  @Test
  void workThatHasNotBegunDoesNotBegin() {
    List<Runnable> queue = new ArrayList<>();
    Treadle.run(
        () -> {
          Task<Boolean> task = spawn(() -> offload(queue::add, () -> log.add("must not run")));
          yieldNow();
          task.cancel();
          try {
            await(task);
          } catch (CancellationException e) {
            queue.forEach(Runnable::run);
          }
        });
    assertThat(queue).hasSize(1);
    assertThat(log).isEmpty();
  }

  /** The interrupt is for the work: the thread goes on to other work without it. */
  @Test
  void aThreadThatWasInterruptedIsNotWhenItsWorkHasEnded() {
    try (EventLoop loop = EventLoop.open(options -> options.offloadThreads(1))) {
      for (int i = 0; i < 200; i++) {
        loop.run(
            () -> {
              try {
                withTimeout(Duration.ofNanos(20_000), () -> offload(() -> spin(10_000)));
              } catch (TimeoutException e) {
                // as often as not
              }
              assertThat(offload(() -> Thread.currentThread().isInterrupted())).isFalse();
            });
      }
    }
  }

  private static int spin(int times) {
    int x = 1;
    for (int i = 0; i < times; i++) {
      x = x * 31 + i;
    }
    return x;
  }

  @Test
  void closingWaitsForWorkNoLongerThanItMay() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(2);
    CountDownLatch works = new CountDownLatch(1);
    EventLoop loop = EventLoop.open(options -> options.offloadShutdown(Duration.ofMillis(1)));
    loop.run(
        () -> {
          spawn(
              () -> {
                offload(
                    () -> {
                      works.countDown();
                      while (interrupted.getCount() > 0) {
                        try {
                          new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                          interrupted.countDown();
                        }
                      }
                      return null;
                    });
              });
          offload(
              () -> {
                works.await();
                return null;
              });
        });
    loop.close(); // cancels the task, then gives up the work
    interrupted.await();
  }
}
