package io.treadle;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.sleep;
import static io.treadle.Treadle.spawn;
import static io.treadle.Treadle.suspend;
import static io.treadle.Treadle.yieldNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final EventLoop loop = VirtualTime.loop();
  private final List<Object> log = new ArrayList<>();

  @AfterEach
  void closeTheLoop() {
    Thread.interrupted();
    loop.close();
  }

  private interface Work {
    void run() throws Throwable;
  }

  /** Runs work on a thread of that name, and throws what it throws. */
  private static void onThread(String name, Work work) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Throwable t) {
                failure.set(t);
              }
            },
            name);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  static void currentTaskInACallback() throws Throwable {
    try (EventLoop other = EventLoop.inThread("other")) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      CountDownLatch ran = new CountDownLatch(1);
      other.execute(
          () -> {
            try {
              Task.current();
            } catch (Throwable t) {
              failure.set(t);
            }
            ran.countDown();
          });
      ran.await();
      throw failure.get();
    }
  }

  // ------------------------------------------------------------------ which loop

  @Test
  void getGivesTheLoopThatRuns() {
    loop.run(
        () -> {
          assertThat(EventLoop.get()).isSameAs(loop);
          yieldNow();
          assertThat(EventLoop.current()).isSameAs(loop);
        });
    loop.callSoon(() -> log.add(EventLoop.get() == loop));
    loop.runOnce(Duration.ZERO);
    assertThat(log).containsExactly(true);
  }

  @Test
  void getMakesADefaultLoopOnTheMainThreadOnly() {
    onThread(
        "not main",
        () ->
            assertThatThrownBy(EventLoop::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("there is no current event loop in thread \"not main\""));
    onThread(
        "main", // in the group of the test's thread, which is called main
        () -> {
          EventLoop first = EventLoop.get();
          assertThat(EventLoop.get()).isSameAs(first);
          assertThat(first.<Integer, RuntimeException>run(() -> 1)).isEqualTo(1);
          first.close();
          EventLoop second = EventLoop.get();
          assertThat(second).isNotSameAs(first);
          second.close();
        });
  }

  @Test
  void theMainThreadIsNotAnyThreadOfThatName() throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            new ThreadGroup("another"),
            () -> {
              try {
                EventLoop.get();
              } catch (IllegalStateException e) {
                failure.set(e);
              }
            },
            "main");
    thread.start();
    thread.join();
    assertThat(failure.get()).hasMessage("there is no current event loop in thread \"main\"");
  }

  @Test
  void aPropertyNamesAnotherMainThread() {
    System.setProperty("io.treadle.mainThread", "gui");
    try {
      onThread("gui", () -> EventLoop.get().close());
      onThread("main", () -> assertThatThrownBy(EventLoop::get).hasMessageContaining("\"main\""));
    } finally {
      System.clearProperty("io.treadle.mainThread");
    }
  }

  @Test
  void currentThrowsWhereNoLoopRuns() {
    assertThatThrownBy(EventLoop::current)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("EventLoop.submit");
    assertThatThrownBy(() -> spawn(() -> {})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(Task::current).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(EventLoopTest::currentTaskInACallback)
        .hasMessageContaining("plain callback");
  }

  // ------------------------------------------------------------------ run

  @Test
  void runReturnsTheValueAndThrowsTheFailureItself() {
    IOException failure = new IOException("own");
    assertThat(
            loop.<String, RuntimeException>run(
                () -> {
                  yieldNow();
                  return "value";
                }))
        .isEqualTo("value");
    assertThatThrownBy(
            () ->
                loop.run(
                    () -> {
                      yieldNow();
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void runRefusesToNest() {
    loop.run(
        () -> {
          assertThatThrownBy(() -> Treadle.run(() -> log.add("must not run")))
              .isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> loop.run(() -> log.add("must not run")))
              .isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> loop.runOnce(Duration.ZERO))
              .isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(loop::close).isInstanceOf(IllegalStateException.class);
        });
    assertThat(log).isEmpty();
    assertThat(loop.tasks()).isEmpty();
  }

  @Test
  void aLoopThatRunsElsewhereCannotRunHere() {
    try (EventLoop other = EventLoop.inThread("other")) {
      assertThat(other.isRunning()).isTrue();
      assertThatThrownBy(() -> other.run(() -> {})).hasMessageContaining("\"other\"");
      assertThatThrownBy(() -> other.spawn(() -> {})).hasMessageContaining("submit");
    }
  }

  @Test
  void runLeavesOtherTasksAsTheyAreAndTheNextRunGoesOn() {
    loop.run(
        () -> {
          spawn(
              () -> {
                sleep(Duration.ofMillis(5));
                log.add("other task");
              });
          yieldNow();
        });
    assertThat(loop.tasks()).hasSize(1);
    loop.run(() -> sleep(Duration.ofMillis(10)));
    assertThat(log).containsExactly("other task");
  }

  @Test
  void aLoopThatIsStoppedBeforeTheMainTaskIsDoneSaysSo() {
    assertThatThrownBy(
            () ->
                loop.run(
                    () -> {
                      loop.stop();
                      sleep(Duration.ofMillis(5));
                      log.add("went on");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopped");
    loop.run(() -> sleep(Duration.ofMillis(10)));
    assertThat(log).containsExactly("went on");
  }

  @Test
  void runForeverEndsWhenItIsStopped() {
    loop.callLater(Duration.ofMillis(5), loop::stop);
    loop.callLater(Duration.ofMillis(6), () -> log.add("must not run"));
    loop.runForever();
    assertThat(loop.isRunning()).isFalse();
    assertThat(log).isEmpty();
  }

  @Test
  void aHostDrivesTheLoopByRunOnce() {
    Task<String> task =
        loop.spawn(
            () -> {
              yieldNow();
              sleep(Duration.ofMillis(1));
              return "value";
            });
    int iterations = 0;
    while (!task.isDone()) {
      loop.runOnce(Duration.ofMillis(5));
      iterations++;
    }
    assertThat(task.result()).isEqualTo("value");
    assertThat(iterations).isEqualTo(4);
    assertThat(loop.runOnce(Duration.ofMillis(5))).isFalse();
  }

  @Test
  void anErrorOfTheMachineArrivesInTheTaskAndLeavesTheLoopWhichStaysUsable() {
    OutOfMemoryError error = new OutOfMemoryError("for the test");
    AtomicReference<Task<Void>> failed = new AtomicReference<>();
    assertThatThrownBy(
            () ->
                loop.run(
                    () -> {
                      failed.set(
                          spawn(
                              () -> {
                                yieldNow();
                                throw error;
                              }));
                      sleep(LONG);
                    }))
        .isSameAs(error);
    assertThat(failed.get().exception()).isSameAs(error);
    assertThat(loop.<Integer, RuntimeException>run(() -> 1)).isEqualTo(1);
  }

  @Async
  private int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }

  @Test
  void aTaskThatUsesUpItsStackFailsByItself() {
    loop.run(
        () -> {
          Task<Integer> task = spawn(() -> recurse(0));
          try {
            await(task);
          } catch (StackOverflowError e) {
            log.add("overflow");
          }
          yieldNow();
        });
    assertThat(log).containsExactly("overflow");
  }

  // ------------------------------------------------------------------ the end

  @Test
  void runCancelsWhatIsLeftAndLetsItCleanUp() {
    List<Object> reported = new ArrayList<>();
    Treadle.run(
        () -> {
          EventLoop.current()
              .setExceptionHandler((l, context) -> reported.add(context.get("exception")));
          spawn(
              () -> {
                try {
                  sleep(LONG);
                } finally {
                  sleep(Duration.ofMillis(1));
                  log.add("clean");
                  spawn(
                      () -> {
                        try {
                          sleep(LONG);
                        } finally {
                          log.add("made meanwhile, clean");
                        }
                      });
                }
              });
          spawn(
              () -> {
                try {
                  sleep(LONG);
                } finally {
                  throwIt(new IllegalArgumentException("cleanup"));
                }
              });
          yieldNow();
        });
    assertThat(log).containsExactly("clean", "made meanwhile, clean");
    assertThat(reported).singleElement().hasToString("java.lang.IllegalArgumentException: cleanup");
  }

  private static void throwIt(RuntimeException failure) {
    throw failure;
  }

  @Test
  void aClosedLoopRefusesEverythingAndMayBeClosedAgain() {
    loop.close();
    loop.close();
    assertThat(loop.isClosed()).isTrue();
    assertThatThrownBy(() -> loop.run(() -> {})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> loop.spawn(() -> {})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> loop.submit(() -> {})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> loop.callSoon(() -> {})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    assertThat(loop.tasks()).isEmpty();
  }

  /** A future of a loop that closes is done, however late it was submitted. */
  @Test
  void nobodyWaitsForeverForATaskThatIsSubmittedWhileTheLoopCloses() throws Exception {
    for (int i = 0; i < 300; i++) {
      EventLoop other = EventLoop.inThread("other");
      Thread closing = new Thread(other::close);
      closing.start();
      while (true) {
        try {
          other.submit(() -> sleep(LONG)).get();
        } catch (CancellationException e) {
          continue;
        } catch (IllegalStateException closed) {
          break;
        }
      }
      closing.join();
    }
  }

  // ------------------------------------------------------------------ interrupts

  @Test
  void anInterruptCancelsTheMainTaskAndRestoresTheFlag() {
    assertThatThrownBy(
            () ->
                Treadle.run(
                    () -> {
                      spawn(() -> Thread.currentThread().interrupt());
                      try {
                        sleep(LONG);
                      } finally {
                        sleep(Duration.ofMillis(1));
                        log.add("clean");
                      }
                    }))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(log).containsExactly("clean");
  }

  @Test
  void anInterruptWakesALoopThatSleeps() {
    Thread here = Thread.currentThread();
    assertThatThrownBy(
            () ->
                Treadle.run(
                    () -> {
                      EventLoop.current().callSoon(() -> new Thread(here::interrupt).start());
                      suspend(resumer -> {});
                    }))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptStopsALoopThatRunsForever() {
    loop.callSoon(() -> Thread.currentThread().interrupt());
    loop.runForever();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptThatIsThereDoesNotCutTheCleanupShort() {
    loop.run(
        () -> {
          spawn(
              () -> {
                try {
                  sleep(LONG);
                } finally {
                  sleep(Duration.ofMillis(1));
                  log.add("clean");
                }
              });
          yieldNow();
        });
    Thread.currentThread().interrupt();
    loop.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(log).containsExactly("clean");
  }

  // ------------------------------------------------------------------ a loop with a thread

  @Test
  void aLoopInAThreadRunsUntilItIsClosed() throws Exception {
    EventLoop other = EventLoop.inThread("worker");
    Task<String> name = other.submit(() -> Thread.currentThread().getName());
    assertThat(name.get()).isEqualTo("worker");
    CountDownLatch suspended = new CountDownLatch(1);
    CountDownLatch clean = new CountDownLatch(1);
    other.submit(
        () -> {
          try {
            suspend(resumer -> suspended.countDown());
          } finally {
            clean.countDown();
          }
        });
    suspended.await();
    other.close();
    assertThat(clean.getCount()).isZero();
    assertThat(other.isClosed()).isTrue();
    assertThat(other.isRunning()).isFalse();
  }

  @Test
  void aLoopInAThreadCannotBeClosedThereButStopped() throws Exception {
    EventLoop other = EventLoop.inThread("worker");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    other
        .submit(
            () -> {
              try {
                other.close();
              } catch (IllegalStateException e) {
                failure.set(e);
              }
              other.stop();
            })
        .get();
    other.close();
    assertThat(failure.get()).hasMessageContaining("stopped");
    assertThat(other.isClosed()).isTrue();
  }

  @Test
  void aLoopInAThreadOutlivesAnErrorOfTheMachine() throws Exception {
    try (EventLoop other = EventLoop.inThread("worker")) {
      AtomicReference<Object> reported = new AtomicReference<>();
      other.setExceptionHandler((l, context) -> reported.set(context.get("exception")));
      OutOfMemoryError error = new OutOfMemoryError("for the test");
      Task<Void> failed =
          other.submit(
              () -> {
                throw error;
              });
      assertThatThrownBy(failed::get).hasCause(error);
      assertThat(other.submit(() -> 1).get()).isEqualTo(1);
      other.submit(() -> {}).get();
      assertThat(reported.get()).isSameAs(error);
    }
  }

  // ------------------------------------------------------------------ failures

  @Test
  void theHandlerIsToldWhatFailed() {
    List<Map<String, Object>> contexts = new ArrayList<>();
    IllegalArgumentException failure = new IllegalArgumentException("boom");
    loop.setExceptionHandler(
        (l, context) -> {
          assertThat(l).isSameAs(loop);
          contexts.add(Map.copyOf(context));
        });
    Handle handle = loop.callSoon(() -> throwIt(failure));
    loop.runOnce(Duration.ZERO);
    assertThat(contexts)
        .singleElement()
        .satisfies(
            context -> {
              assertThat(context).containsEntry("exception", failure);
              assertThat(context).containsEntry("handle", handle);
              assertThat(context.get("message")).isInstanceOf(String.class);
            });
  }

  @Test
  void aHandlerThatThrowsIsLoggedAndTheLoopGoesOn() {
    loop.setExceptionHandler(
        (l, context) -> throwIt(new IllegalStateException("the handler of a test throws this")));
    loop.callSoon(() -> throwIt(new IllegalArgumentException("boom")));
    loop.callSoon(() -> log.add("next"));
    loop.runOnce(Duration.ZERO);
    assertThat(log).containsExactly("next");
  }

  // ------------------------------------------------------------------ for readers

  @Async
  private void park() {
    sleep(LONG);
  }

  @Test
  void aSuspendedTaskShowsWhereItIs() {
    loop.run(
        () -> {
          Task<Void> task = spawn(() -> park());
          assertThat(task.stackTrace()).isEmpty();
          yieldNow();
          assertThat(task.stackTrace()[0].getMethodName()).isEqualTo("park");
          assertThat(task.stackTrace()[0].getLineNumber()).isPositive();
          task.cancel();
          sleep(Duration.ofMillis(1));
          assertThat(task.stackTrace()).isEmpty();
        });
  }

  @Test
  void aDumpShowsGroupsAndTheirTasks() {
    loop.run(
        () -> {
          Task.current().name("main");
          Deferred<Void> never = loop.createFuture();
          spawn(() -> await(never)).name("waiter");
          TaskGroup.run(
              group -> {
                group.fork(() -> park()).name("child");
                yieldNow();
                log.add(loop.dump());
                group.cancel();
              });
        });
    String dump = (String) log.get(0);
    assertThat(dump)
        .containsSubsequence(
            ": 3 tasks\n",
            "  main, running\n",
            "    group: 1 task\n",
            "      child, sleeping\n",
            "          at io.treadle.EventLoopTest.park(EventLoopTest.java:",
            "  waiter, awaiting a Deferred\n");
  }

  @Test
  void otherThreadsMayAskWhichTasksThereAre() throws Exception {
    try (EventLoop other = EventLoop.inThread("worker")) {
      CountDownLatch suspended = new CountDownLatch(1);
      Task<Void> task = other.submit(() -> suspend(resumer -> suspended.countDown()));
      suspended.await();
      assertThat(other.tasks()).containsExactly(task);
      assertThat(other.dump()).contains("Task-1, suspended");
    }
  }

  @Test
  void tasksAreNumberedUnlessTheyHaveNames() {
    loop.run(
        () -> {
          Task<Void> task = spawn(() -> {});
          assertThat(Task.current().name()).isEqualTo("Task-1");
          assertThat(task.name()).isEqualTo("Task-2");
          assertThat(task.name("named") == task).isTrue();
          assertThat(task.name()).isEqualTo("named");
        });
  }
}
