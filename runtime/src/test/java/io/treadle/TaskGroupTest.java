package io.treadle;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.gather;
import static io.treadle.Treadle.mayThrow;
import static io.treadle.Treadle.sleep;
import static io.treadle.Treadle.spawn;
import static io.treadle.Treadle.uncancellable;
import static io.treadle.Treadle.withTimeout;
import static io.treadle.Treadle.yieldNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskGroupTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final EventLoop loop = VirtualTime.loop();
  private final List<Object> log = new ArrayList<>();
  private final List<Throwable> reported = new ArrayList<>();

  @BeforeEach
  void collectReports() {
    loop.setExceptionHandler((l, context) -> reported.add((Throwable) context.get("exception")));
  }

  @AfterEach
  void closeTheLoop() {
    assertThat(loop.tasks()).isEmpty();
    loop.close();
    assertThat(reported).isEmpty();
  }

  private static Duration millis(int millis) {
    return Duration.ofMillis(millis);
  }

  @Async
  private void sleepAndLog(String name) {
    try {
      sleep(LONG);
    } catch (CancelledError e) {
      log.add(name + " cancelled");
      throw e;
    }
  }

  @Async
  private static void fail(int afterMillis, Throwable failure) throws Throwable {
    sleep(millis(afterMillis));
    throw failure;
  }

  /** Cleans up after its cancellation, and fails at that. */
  @Async
  private static void failWhenCancelled(Throwable failure) throws Throwable {
    try {
      sleep(LONG);
    } finally {
      fail(1, failure);
    }
  }

  // ------------------------------------------------------------------ values

  @Test
  void callReturnsTheValueOfTheBodyWhenTheChildrenHaveEnded() {
    String value =
        loop.run(
            () ->
                TaskGroup.call(
                    group -> {
                      group.fork(
                          () -> {
                            sleep(millis(5));
                            log.add("child");
                          });
                      return "value";
                    }));
    assertThat(value).isEqualTo("value");
    assertThat(log).containsExactly("child");
  }

  @Test
  void aGroupWithoutChildrenDoesNotYield() {
    loop.run(
        () -> {
          loop.callSoon(() -> log.add("callback"));
          TaskGroup.run(group -> log.add("body"));
          log.add("after");
          yieldNow();
        });
    assertThat(log).containsExactly("body", "after", "callback");
  }

  @Test
  void aGroupThatHasEndedTakesNoMoreTasks() {
    loop.run(
        () -> {
          TaskGroup[] ended = new TaskGroup[1];
          TaskGroup.run(group -> ended[0] = group);
          assertThatThrownBy(() -> ended[0].fork(() -> log.add("must not run")))
              .isInstanceOf(IllegalStateException.class);
          ended[0].cancel();
        });
    assertThat(log).isEmpty();
  }

  // ------------------------------------------------------------------ failures

  @Test
  void theFirstFailureItselfIsThrownWithTheOthersSuppressed() {
    IOException first = new IOException("first");
    Error second = new Error("second");
    RuntimeException ofBody = new RuntimeException("body");
    assertThatThrownBy(
            () ->
                loop.run(
                    () ->
                        TaskGroup.run(
                            group -> {
                              group.fork(() -> fail(1, first));
                              group.fork(() -> failWhenCancelled(second));
                              try {
                                sleep(LONG);
                              } finally {
                                throwIt(ofBody);
                              }
                            })))
        .isSameAs(first);
    assertThat(first.getSuppressed()).containsExactly(ofBody, second);
  }

  private static void throwIt(RuntimeException failure) {
    throw failure;
  }

  @Test
  void aFailureOfTheBodyCancelsTheChildrenInTheOrderInWhichTheyWereForked() {
    IOException failure = new IOException("body");
    assertThatThrownBy(
            () ->
                loop.run(
                    () ->
                        TaskGroup.run(
                            group -> {
                              for (int i = 0; i < 3; i++) {
                                int number = i;
                                group.fork(() -> sleepAndLog("child " + number));
                              }
                              yieldNow();
                              throw failure;
                            })))
        .isSameAs(failure)
        .hasNoSuppressedExceptions();
    assertThat(log).containsExactly("child 0 cancelled", "child 1 cancelled", "child 2 cancelled");
  }

  @Test
  void aFailureThatTheBodyRethrowsCountsOnce() {
    IOException failure = new IOException("once");
    assertThatThrownBy(
            () ->
                loop.run(
                    () ->
                        TaskGroup.run(
                            group -> {
                              Task<Void> child = group.fork(() -> fail(1, failure));
                              await(child);
                            })))
        .isSameAs(failure)
        .hasNoSuppressedExceptions();
  }

  private static final class Unsuppressing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unsuppressing() {
      super("takes no suppressed failures", null, false, false);
    }
  }

  @Test
  void aFailureThatCannotBeAttachedIsReported() {
    Unsuppressing first = new Unsuppressing();
    IOException second = new IOException("second");
    assertThatThrownBy(
            () ->
                loop.run(
                    () ->
                        TaskGroup.run(
                            group -> {
                              group.fork(() -> fail(1, first));
                              group.fork(() -> failWhenCancelled(second));
                            })))
        .isSameAs(first);
    assertThat(reported).containsExactly(second);
    reported.clear();
  }

  // ------------------------------------------------------------------ cancellation

  @Test
  void aCancelledGroupCancelsItsChildrenThenItsBodyAndReturns() {
    loop.run(
        () -> {
          TaskGroup.run(
              group -> {
                group.fork(() -> sleepAndLog("first"));
                group.fork(() -> sleepAndLog("second"));
                group.fork(group::cancel);
                sleepAndLog("body");
              });
          log.add("returned");
        });
    assertThat(log)
        .containsExactly("first cancelled", "second cancelled", "body cancelled", "returned");
  }

  @Test
  void aCallOfACancelledGroupHasAValueOrIsCancelled() {
    loop.run(
        () -> {
          String value =
              TaskGroup.call(
                  group -> {
                    group.fork(() -> sleepAndLog("child"));
                    yieldNow();
                    group.cancel();
                    return "value";
                  });
          log.add(value);
          try {
            TaskGroup.call(
                group -> {
                  group.cancel();
                  sleep(LONG);
                  return "value";
                });
          } catch (CancellationException e) {
            log.add("no value");
          }
          yieldNow();
        });
    assertThat(log).containsExactly("child cancelled", "value", "no value");
  }

  @Test
  void aTaskForkedIntoACancelledGroupStartsAndIsCancelledAtItsFirstSuspension() {
    loop.run(
        () ->
            TaskGroup.run(
                group -> {
                  group.cancel();
                  group.fork(
                      () -> {
                        log.add("starts");
                        sleepAndLog("child");
                      });
                }));
    assertThat(log).containsExactly("starts", "child cancelled");
  }

  @Test
  void aChildThatIsCancelledByItselfIsIgnored() {
    loop.run(
        () -> {
          TaskGroup.run(
              group -> {
                Task<Void> child = group.fork(() -> sleepAndLog("child"));
                group.fork(
                    () -> {
                      sleep(millis(5));
                      log.add("sibling");
                    });
                yieldNow();
                child.cancel();
              });
          log.add("returned");
        });
    assertThat(log).containsExactly("child cancelled", "sibling", "returned");
  }

  @Test
  void aTaskThatIsCancelledWhileItsGroupWaitsCancelsTheChildren() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () ->
                      TaskGroup.run(
                          group -> {
                            group.fork(() -> sleepAndLog("child"));
                            group.fork(() -> uncancellable(() -> sleep(millis(5))));
                          }));
          yieldNow();
          yieldNow();
          task.cancel();
          try {
            await(task);
          } catch (CancellationException e) {
            log.add("task cancelled");
          }
          assertThat(task.isCancelled()).isTrue();
        });
    assertThat(log).containsExactly("child cancelled", "task cancelled");
  }

  @Test
  void aRequestFromOutsideGoesBeforeTheFailuresOfTheGroup() {
    IOException failure = new IOException("child");
    loop.run(
        () -> {
          try {
            withTimeout(
                millis(5),
                () ->
                    TaskGroup.run(
                        group -> {
                          group.fork(() -> failWhenCancelled(failure));
                          sleep(LONG);
                        }));
          } catch (TimeoutException e) {
            log.add(e.getMessage());
            assertThat(e.getCause().getSuppressed()).containsExactly(failure);
          }
        });
    assertThat(log).containsExactly("timed out after PT0.005S");
  }

  /** The group is failing when the request comes: it is thrown once the children have ended. */
  @Test
  void aRequestFromOutsideThatComesWhileAGroupFailsGoesFirst() {
    IOException failure = new IOException("child");
    loop.run(
        () -> {
          try {
            withTimeout(
                millis(5),
                () ->
                    TaskGroup.run(
                        group -> {
                          group.fork(() -> fail(1, failure));
                          group.fork(() -> uncancellable(() -> sleep(millis(20))));
                        }));
          } catch (TimeoutException e) {
            assertThat(e.getCause().getSuppressed()).containsExactly(failure);
            log.add("timed out");
          }
        });
    assertThat(log).containsExactly("timed out");
  }

  @Test
  void groupsNest() {
    IOException failure = new IOException("inner child");
    loop.run(
        () ->
            TaskGroup.run(
                outer -> {
                  outer.fork(
                      () -> {
                        sleep(millis(5));
                        log.add("outer child goes on");
                      });
                  try {
                    mayThrow(IOException.class);
                    TaskGroup.run(
                        inner -> {
                          inner.fork(() -> fail(1, failure));
                          sleepAndLog("inner body");
                        });
                  } catch (IOException e) {
                    log.add(e.getMessage());
                  }
                }));
    assertThat(log).containsExactly("inner body cancelled", "inner child", "outer child goes on");
  }

  // ------------------------------------------------------------------ gather

  @Test
  void gatherIsAGroup() {
    IOException failure = new IOException("one");
    assertThatThrownBy(
            () ->
                loop.run(
                    () ->
                        gather(
                            () -> {
                              sleepAndLog("sibling");
                              return 1;
                            },
                            () -> {
                              sleep(millis(1));
                              throw failure;
                            })))
        .isSameAs(failure);
    assertThat(log).containsExactly("sibling cancelled");
  }

  @Test
  void gatherOfNothingIsEmptyAndDoesNotYield() {
    loop.run(
        () -> {
          loop.callSoon(() -> log.add("callback"));
          List<AsyncCallable<String, RuntimeException>> none = List.of();
          log.add(gather(none));
          yieldNow();
        });
    assertThat(log).containsExactly(List.of(), "callback");
  }

  @Test
  void gatherMayGatherNulls() {
    List<Object> values =
        loop.run(
            () ->
                gather(
                    () -> null,
                    () -> {
                      yieldNow();
                      return null;
                    }));
    assertThat(values).containsExactly(null, null);
  }
}
