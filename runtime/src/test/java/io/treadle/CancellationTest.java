package io.treadle;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.shielded;
import static io.treadle.Treadle.sleep;
import static io.treadle.Treadle.spawn;
import static io.treadle.Treadle.suspend;
import static io.treadle.Treadle.uncancellable;
import static io.treadle.Treadle.withTimeout;
import static io.treadle.Treadle.yieldNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of cancellation; (a) to (g) are those of semantics.md. */
class CancellationTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final VirtualTime time = new VirtualTime();
  private final EventLoop loop = time.open();
  private final List<Object> log = new ArrayList<>();
  private final List<Throwable> reported = new ArrayList<>();

  @BeforeEach
  void collectReports() {
    loop.setExceptionHandler((l, context) -> reported.add((Throwable) context.get("exception")));
  }

  @AfterEach
  void closeTheLoop() {
    loop.close();
    assertThat(reported).isEmpty();
  }

  private static Duration millis(int millis) {
    return Duration.ofMillis(millis);
  }

  /** Logs that a request was thrown at a sleep. */
  @Async
  private void sleepAndLog(String name) {
    try {
      sleep(LONG);
      log.add(name + " slept");
    } catch (CancelledError e) {
      log.add(name + " cancelled");
      throw e;
    }
  }

  @Async
  private static void waitFor(Task<?> task) {
    try {
      await(task);
    } catch (CancellationException e) {
      // that is an outcome
    }
  }

  // ------------------------------------------------------------------ (a) when it is thrown

  @Test
  void aBodyStartsAlthoughItWasCancelledAndIsCancelledAtItsFirstSuspension() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    log.add("started");
                    sleepAndLog("body");
                  });
          assertThat(task.cancel()).isTrue();
          waitFor(task);
          assertThat(task.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("started", "body cancelled");
  }

  @Test
  void aRunningBodyThatIsCancelledGoesOnToItsNextSuspension() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    Task.current().cancel();
                    log.add("goes on");
                    sleepAndLog("body");
                  });
          waitFor(task);
        });
    assertThat(log).containsExactly("goes on", "body cancelled");
  }

  @Test
  void aValueThatIsOnItsWayIsNotLost() {
    loop.run(
        () -> {
          Deferred<String> future = loop.createFuture();
          Task<Void> task =
              spawn(
                  () -> {
                    log.add(await(future));
                    sleepAndLog("body");
                  });
          yieldNow();
          future.complete("value");
          task.cancel();
          waitFor(task);
        });
    assertThat(log).containsExactly("value", "body cancelled");
  }

  @Test
  void aResumeThatIsOnItsWayIsNotLost() {
    loop.run(
        () -> {
          List<Resumer<String>> resumers = new ArrayList<>();
          Task<Void> task =
              spawn(
                  () -> {
                    String value = suspend(resumers::add);
                    log.add(value);
                    sleepAndLog("body");
                  });
          yieldNow();
          log.add(resumers.get(0).resume("value"));
          task.cancel();
          waitFor(task);
        });
    assertThat(log).containsExactly(true, "value", "body cancelled");
  }

  @Test
  void aBodyThatYieldsIsCancelledThere() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    log.add("yields");
                    yieldNow();
                    log.add("must not get here");
                  });
          yieldNow();
          task.cancel();
          waitFor(task);
          assertThat(task.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("yields");
  }

  @Test
  void cleanupMaySuspend() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    try {
                      sleepAndLog("body");
                    } finally {
                      sleep(millis(1));
                      yieldNow();
                      await(CompletableFuture.completedFuture(1));
                      log.add("clean");
                    }
                  });
          yieldNow();
          task.cancel();
          waitFor(task);
        });
    assertThat(log).containsExactly("body cancelled", "clean");
  }

  // ------------------------------------------------------------------ (b) which one is thrown

  @Test
  void ofSeveralRequestsTheOutermostIsThrown() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    try {
                      withTimeout(
                          millis(1),
                          () -> {
                            uncancellable(() -> sleep(millis(5)));
                            sleepAndLog("body");
                          });
                    } catch (TimeoutException e) {
                      log.add("must not time out");
                    }
                  });
          sleep(millis(2));
          task.cancel();
          waitFor(task);
          assertThat(task.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("body cancelled");
  }

  @Test
  void anAwaitThatDoesNotSuspendThrowsNone() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    Task.current().cancel();
                    log.add(await(CompletableFuture.completedFuture("stage")));
                    log.add(await(Task.completed("task")));
                    sleepAndLog("body");
                  });
          waitFor(task);
        });
    assertThat(log).containsExactly("stage", "task", "body cancelled");
  }

  // ------------------------------------------------------------------ (c) when it ends

  @Test
  void aValueIsReturnedAfterTheDeadlineAndTheRequestEndsWithTheScope() throws TimeoutException {
    loop.run(
        () -> {
          String value =
              withTimeout(
                  millis(1),
                  () -> {
                    yieldNow();
                    time.pass(millis(5));
                    return "value";
                  });
          log.add(value);
          sleep(millis(1));
          log.add("not cancelled");
        });
    assertThat(log).containsExactly("value", "not cancelled");
  }

  @Test
  void aRequestThatIsPendingWhenTheScopeEndsIsDropped() throws TimeoutException {
    loop.run(
        () -> {
          withTimeout(millis(1), () -> uncancellable(() -> sleep(millis(5))));
          sleep(millis(1));
          log.add("not cancelled");
        });
    assertThat(log).containsExactly("not cancelled");
  }

  @Test
  void aBodyMaySwallowItsTimeout() throws TimeoutException {
    loop.run(
        () -> {
          String value =
              withTimeout(
                  millis(1),
                  () -> {
                    try {
                      sleep(LONG);
                    } catch (CancelledError e) {
                      log.add("swallowed");
                    }
                    return "value";
                  });
          log.add(value);
        });
    assertThat(log).containsExactly("swallowed", "value");
  }

  // ------------------------------------------------------------------ (d) outwards first

  @Test
  void aTimeoutLetsTheRequestOfAnOuterScopeGoFirst() {
    loop.run(
        () -> {
          try {
            withTimeout(
                millis(10),
                () -> {
                  try {
                    withTimeout(
                        millis(5),
                        () -> {
                          try {
                            sleepAndLog("body");
                          } finally {
                            uncancellable(() -> sleep(millis(20)));
                          }
                        });
                  } catch (TimeoutException e) {
                    log.add("the inner one must not be thrown");
                  } catch (CancelledError e) {
                    log.add(e.getSuppressed()[0].getMessage());
                    throw e;
                  }
                });
          } catch (TimeoutException e) {
            log.add(e.getMessage());
          }
        });
    assertThat(log)
        .containsExactly("body cancelled", "timed out after PT0.005S", "timed out after PT0.01S");
  }

  /** A request that was made before the scope was entered is what is being cleaned up after. */
  @Test
  void aTimeoutInCleanupIsATimeout() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    try {
                      sleepAndLog("body");
                    } finally {
                      try {
                        withTimeout(millis(1), () -> sleepAndLog("cleanup"));
                      } catch (TimeoutException e) {
                        log.add("timed out");
                      }
                    }
                  });
          yieldNow();
          task.cancel();
          waitFor(task);
          assertThat(task.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("body cancelled", "cleanup cancelled", "timed out");
  }

  @Test
  void anInnerTimeoutDoesNotTripTheOuterOne() throws TimeoutException {
    loop.run(
        () ->
            withTimeout(
                LONG,
                () -> {
                  assertThatTimeout(millis(3));
                  assertThatTimeout(Duration.ZERO);
                  sleep(millis(1));
                  log.add("fine");
                }));
    assertThat(log).containsExactly("timed out after PT0.003S", "timed out after PT0S", "fine");
  }

  @Async
  private void assertThatTimeout(Duration timeout) {
    try {
      withTimeout(timeout, () -> sleep(LONG));
    } catch (TimeoutException e) {
      assertThat(e).hasCauseInstanceOf(CancelledError.class);
      log.add(e.getMessage());
    }
  }

  // ------------------------------------------------------------------ (e) (f) (g)

  @Test
  void eachCancelOfATaskIsANewRequestAndASwallowedOneIsNotThrownAgain() {
    loop.run(
        () -> {
          Task<String> task =
              spawn(
                  () -> {
                    for (int i = 0; i < 2; i++) {
                      try {
                        sleepAndLog("sleep " + i);
                      } catch (CancelledError e) {
                        yieldNow();
                      }
                    }
                    return "value";
                  });
          yieldNow();
          task.cancel();
          sleep(millis(1));
          assertThat(task.isDone()).isFalse();
          task.cancel();
          log.add(await(task));
          assertThat(task.cancel()).isFalse();
        });
    assertThat(log).containsExactly("sleep 0 cancelled", "sleep 1 cancelled", "value");
  }

  @Test
  void aBodyThatReturnsHasItsValueEvenWithARequestPending() {
    loop.run(
        () -> {
          Task<String> task =
              spawn(
                  () -> {
                    Task.current().cancel();
                    return "value";
                  });
          log.add(await(task));
          assertThat(task.isCancelled()).isFalse();
        });
    assertThat(log).containsExactly("value");
  }

  // ------------------------------------------------------------------ whose it is

  @Test
  void whatOthersCancelledIsAnOrdinaryFailure() {
    loop.run(
        () -> {
          Task<Void> task = spawn(() -> sleep(LONG));
          Deferred<Void> deferred = loop.createFuture();
          CompletableFuture<Void> stage = new CompletableFuture<>();
          loop.callSoon(task::cancel);
          loop.callSoon(() -> deferred.cancel(false));
          loop.callSoon(() -> stage.cancel(false));
          for (CompletableFuture<?> future :
              List.of(
                  task.toCompletableFuture(),
                  deferred.toCompletableFuture(),
                  stage.thenApply(v -> v))) {
            try {
              await(future);
            } catch (CancellationException e) {
              log.add("cancelled");
            }
          }
          try {
            await(task);
          } catch (CancellationException e) {
            log.add("cancelled");
          }
        });
    assertThat(log).containsExactly("cancelled", "cancelled", "cancelled", "cancelled");
  }

  @Test
  void runReportsACancelledMainTaskAsAnOrdinaryFailure() {
    assertThatThrownBy(
            () ->
                loop.run(
                    () -> {
                      Task.current().cancel();
                      sleep(LONG);
                    }))
        .isInstanceOf(CancellationException.class);
  }

  /** Thrown where it does not belong, it is a failure like any other. */
  @Test
  void aRequestOfAnotherTaskDoesNotCancelThisOne() {
    loop.run(
        () -> {
          CancelledError[] stolen = new CancelledError[1];
          Task<Void> victim =
              spawn(
                  () -> {
                    try {
                      sleep(LONG);
                    } catch (CancelledError e) {
                      stolen[0] = e;
                      throw e;
                    }
                  });
          yieldNow();
          victim.cancel();
          waitFor(victim);
          Task<Void> thief =
              spawn(
                  () -> {
                    throw stolen[0];
                  });
          sleep(millis(1));
          assertThat(thief.isCancelled()).isFalse();
          assertThat(thief.exception())
              .isInstanceOf(CancellationException.class)
              .hasCause(stolen[0]);
        });
  }

  // ------------------------------------------------------------------ what is awaited

  @Test
  void aTaskThatIsAwaitedIsCancelledAndWaitedFor() {
    loop.run(
        () -> {
          Task<Void> inner =
              spawn(
                  () -> {
                    try {
                      sleepAndLog("inner");
                    } finally {
                      sleep(millis(5));
                      log.add("inner clean");
                    }
                  });
          Task<Void> outer =
              spawn(
                  () -> {
                    try {
                      await(inner);
                    } catch (CancelledError e) {
                      log.add("outer cancelled");
                      throw e;
                    }
                  });
          yieldNow();
          yieldNow();
          outer.cancel();
          waitFor(outer);
          assertThat(outer.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("inner cancelled", "inner clean", "outer cancelled");
  }

  @Test
  void aTaskThatIsAwaitedMayEndOtherwiseAndTheRequestStaysPending() {
    loop.run(
        () -> {
          Task<String> inner =
              spawn(
                  () -> {
                    try {
                      sleep(LONG);
                    } catch (CancelledError e) {
                      yieldNow();
                    }
                    return "value";
                  });
          Task<Void> outer =
              spawn(
                  () -> {
                    log.add(await(inner));
                    sleepAndLog("outer");
                  });
          yieldNow();
          yieldNow();
          outer.cancel();
          waitFor(outer);
        });
    assertThat(log).containsExactly("value", "outer cancelled");
  }

  @Test
  void aForeignStageIsCancelledAndNotWaitedFor() {
    loop.run(
        () -> {
          CompletableFuture<String> stage = new CompletableFuture<>();
          Task<Void> task =
              spawn(
                  () -> {
                    try {
                      await(stage);
                    } catch (CancelledError e) {
                      log.add("cancelled");
                      throw e;
                    }
                  });
          yieldNow();
          task.cancel();
          assertThat(stage).isCancelled();
          waitFor(task);
          assertThat(task.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("cancelled");
  }

  @Test
  void aDeferredThatIsAwaitedIsCancelledForAllItsWaiters() {
    loop.run(
        () -> {
          Deferred<Void> future = loop.createFuture();
          Task<Void> first = spawn(() -> await(future));
          Task<Void> second =
              spawn(
                  () -> {
                    try {
                      await(future);
                    } catch (CancellationException e) {
                      log.add("an ordinary failure");
                    }
                  });
          yieldNow();
          first.cancel();
          waitFor(first);
          await(second);
          assertThat(first.isCancelled()).isTrue();
          assertThat(future.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("an ordinary failure");
  }

  @Test
  void aLongChainOfTasksIsCancelledWithoutUsingTheStack() {
    loop.run(
        () -> {
          Task<Void> innermost = spawn(() -> sleepAndLog("innermost"));
          Task<Void> task = innermost;
          for (int i = 0; i < 30_000; i++) {
            Task<Void> awaited = task;
            task = spawn(() -> await(awaited));
          }
          yieldNow();
          yieldNow();
          task.cancel();
          waitFor(task);
          assertThat(innermost.isCancelled()).isTrue();
          assertThat(task.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("innermost cancelled");
  }

  @Test
  void tasksThatAwaitOneAnotherInARingEndWhenOneIsCancelled() {
    for (int ring = 2; ring < 6; ring++) {
      int size = ring;
      loop.run(
          () -> {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < size; i++) {
              int next = (i + 1) % size;
              tasks.add(spawn(() -> await(tasks.get(next))));
            }
            Task<Void> tail = spawn(() -> await(tasks.get(0)));
            yieldNow();
            yieldNow();
            tail.cancel();
            waitFor(tail);
            assertThat(tasks).allMatch(Task::isCancelled);
          });
    }
  }

  // ------------------------------------------------------------------ shielded, uncancellable

  @Test
  void aShieldedBodyGoesOnAndItsCallerLeavesAtOnce() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    try {
                      shielded(
                          () -> {
                            sleep(millis(5));
                            log.add("body done");
                          });
                    } catch (CancelledError e) {
                      log.add("caller leaves");
                      throw e;
                    }
                  });
          yieldNow();
          task.cancel();
          waitFor(task);
          sleep(millis(10));
        });
    assertThat(log).containsExactly("caller leaves", "body done");
  }

  @Test
  void aTimeoutAroundAShieldedBodyFiresOnTime() {
    loop.run(
        () -> {
          long begin = loop.time();
          try {
            withTimeout(millis(5), () -> shielded(() -> sleep(millis(50))));
          } catch (TimeoutException e) {
            log.add(Duration.ofNanos(loop.time() - begin));
          }
        });
    assertThat(log).containsExactly(millis(5));
  }

  @Test
  void aShieldedBodyHandsItsOutcomeToItsCaller() {
    loop.run(
        () -> {
          log.add(
              shielded(
                  () -> {
                    yieldNow();
                    return "value";
                  }));
          try {
            shielded(
                () -> {
                  yieldNow();
                  throw new IllegalArgumentException("failure");
                });
          } catch (IllegalArgumentException e) {
            log.add(e.getMessage());
          }
        });
    assertThat(log).containsExactly("value", "failure");
  }

  @Test
  void aShieldedBodyThatFailsAfterItsCallerHasLeftIsReported() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () ->
                      shielded(
                          () -> {
                            sleep(millis(5));
                            throw new IllegalArgumentException("late");
                          }));
          yieldNow();
          task.cancel();
          waitFor(task);
          sleep(millis(10));
        });
    assertThat(reported).extracting(Throwable::getMessage).containsExactly("late");
    reported.clear();
  }

  @Test
  void anUncancellableBodyEndsFirst() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    String value =
                        uncancellable(
                            () -> {
                              sleep(millis(5));
                              return "value";
                            });
                    log.add(value);
                    sleepAndLog("body");
                  });
          yieldNow();
          task.cancel();
          waitFor(task);
          assertThat(task.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("value", "body cancelled");
  }

  @Test
  void aTimeoutInAnUncancellableBodyWorks() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () ->
                      uncancellable(
                          () -> {
                            Task.current().cancel();
                            assertThatTimeout(millis(5));
                          }));
          waitFor(task);
          assertThat(task.isCancelled()).isFalse();
        });
    assertThat(log).containsExactly("timed out after PT0.005S");
  }

  // ------------------------------------------------------------------ suspend

  @Test
  void aCancelledSuspensionRunsItsActionsAndRefusesTheValue() {
    loop.run(
        () -> {
          List<Resumer<String>> resumers = new ArrayList<>();
          Task<Void> task =
              spawn(
                  () -> {
                    suspend(
                        (Resumer<String> resumer) -> {
                          resumers.add(resumer);
                          resumer.onCancel(() -> log.add("first"));
                          resumer.onCancel(() -> log.add("second"));
                        });
                  });
          yieldNow();
          task.cancel();
          waitFor(task);
          assertThat(task.isCancelled()).isTrue();
          log.add(resumers.get(0).resume("late"));
          log.add(resumers.get(0).fail(new RuntimeException("late")));
        });
    assertThat(log).containsExactly("first", "second", false, false);
  }

  @Test
  void anActionThatThrowsDoesNotStopTheCancellation() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    suspend(
                        resumer ->
                            resumer.onCancel(
                                () -> {
                                  throw new IllegalArgumentException("action");
                                }));
                  });
          yieldNow();
          task.cancel();
          waitFor(task);
          assertThat(task.isCancelled()).isTrue();
        });
    assertThat(reported).extracting(Throwable::getMessage).containsExactly("action");
    reported.clear();
  }

  @Test
  void aTaskMayBeCancelledOnAnyThread() throws Exception {
    try (EventLoop other = EventLoop.inThread("other")) {
      Task<Void> task = other.submit(() -> sleepAndLog("body"));
      assertThat(task.cancel()).isTrue();
      assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
      assertThat(task.cancel()).isFalse();
    }
    assertThat(log).containsExactly("body cancelled");
  }
}
