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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks and deferred values as futures; and what {@code await} does with other stages. */
class FuturesTest {
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
    loop.close();
    assertThat(reported).isEmpty();
  }

  // ------------------------------------------------------------------ await

  @Test
  void awaitThrowsTheStagesOwnException() {
    IOException failure = new IOException("own");
    CompletableFuture<Object> later = new CompletableFuture<>();
    loop.run(
        () -> {
          loop.callSoon(() -> later.completeExceptionally(failure));
          for (CompletionStage<?> stage :
              List.of(
                  CompletableFuture.failedFuture(failure),
                  CompletableFuture.failedFuture(failure).thenApply(v -> v),
                  CompletableFuture.failedStage(failure),
                  CompletableFuture.failedStage(failure).thenApply(v -> v),
                  later.thenApply(v -> v),
                  later,
                  Task.failed(failure))) {
            try {
              await(stage, IOException.class);
            } catch (IOException e) {
              log.add(e == failure);
            }
          }
        });
    assertThat(log).hasSize(7).containsOnly(true);
  }

  private static final class MyCompletionException extends CompletionException {
    private static final long serialVersionUID = 1L;

    MyCompletionException(Throwable cause) {
      super(cause);
    }
  }

  @Test
  void awaitUnwrapsNothingThatIsTheStagesOwn() {
    Throwable ofUser = new MyCompletionException(new IOException());
    Throwable without = new CompletionException("no cause", null);
    Throwable execution = new ExecutionException(new IOException());
    loop.run(
        () -> {
          for (Throwable failure : List.of(ofUser, without, execution)) {
            try {
              await(CompletableFuture.failedFuture(failure));
            } catch (Throwable e) {
              log.add(e == failure);
            }
            try {
              await(CompletableFuture.failedStage(failure));
            } catch (Throwable e) {
              log.add(e == failure);
            }
          }
        });
    assertThat(log).hasSize(6).containsOnly(true);
  }

  @Test
  void awaitOfAStageThatAnyThreadCompletes() {
    Treadle.run(
        () -> {
          for (int i = 0; i < 5_000; i++) {
            int number = i;
            int value = await(CompletableFuture.supplyAsync(() -> number));
            assertThat(value).isEqualTo(number);
          }
        });
  }

  @Test
  void waitersOfAForeignStageResumeInItsOrder() {
    loop.run(
        () -> {
          CompletableFuture<Void> stage = new CompletableFuture<>();
          List<Task<Void>> tasks = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            int number = i;
            tasks.add(
                spawn(
                    () -> {
                      await(stage);
                      log.add(number);
                    }));
          }
          yieldNow();
          stage.complete(null); // CompletableFuture runs what came last first
          for (Task<Void> task : tasks) {
            await(task);
          }
        });
    assertThat(log).containsExactly(2, 1, 0);
  }

  @Test
  void awaitOfATaskOfAnotherLoop() {
    try (EventLoop other = EventLoop.inThread("other")) {
      Treadle.run(
          () -> {
            Task<String> task =
                other.submit(
                    () -> {
                      yieldNow();
                      return Thread.currentThread().getName();
                    });
            log.add(await(task));
            Task<Void> endless = other.submit(() -> sleep(LONG));
            Task<Void> waiter = spawn(() -> await(endless));
            yieldNow();
            waiter.cancel();
            try {
              await(waiter);
            } catch (CancellationException e) {
              log.add(endless.isCancelled());
            }
          });
    }
    assertThat(log).containsExactly("other", true);
  }

  // ------------------------------------------------------------------ suspend

  @Test
  void aResumeInTheCallbackIsNoSuspension() {
    loop.run(
        () -> {
          loop.callSoon(() -> log.add("callback"));
          String value = suspend(resumer -> resumer.resume("value"));
          log.add(value);
          try {
            suspend(resumer -> resumer.fail(new IOException("failure")));
          } catch (Exception e) {
            log.add(e.getMessage());
          }
          yieldNow();
        });
    assertThat(log).containsExactly("value", "failure", "callback");
  }

  @Test
  void aSecondResumeIsAnError() {
    loop.run(
        () -> {
          List<Resumer<String>> resumers = new ArrayList<>();
          loop.callSoon(() -> log.add(resumers.get(0).resume("value")));
          String value = suspend(resumers::add);
          log.add(value);
        });
    assertThat(log).containsExactly(true, "value");
    List<Resumer<String>> resumers = new ArrayList<>();
    loop.run(
        () -> {
          String value =
              suspend(
                  resumer -> {
                    resumer.resume("first");
                    resumers.add(resumer);
                  });
          log.add(value);
        });
    assertThatThrownBy(() -> resumers.get(0).resume("second"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatTheCallbackOfSuspendThrowsIsThrown() {
    List<Resumer<String>> resumers = new ArrayList<>();
    loop.run(
        () -> {
          try {
            String value =
                suspend(
                    resumer -> {
                      resumers.add(resumer);
                      throw new IllegalArgumentException("thrown");
                    });
            log.add(value);
          } catch (IllegalArgumentException e) {
            log.add(e.getMessage());
          }
        });
    assertThat(log).containsExactly("thrown");
    assertThat(resumers.get(0).resume("nobody waits")).isFalse();
  }

  /** The resume races with the unwinding of the stack. */
  @Test
  void anotherThreadMayResumeBeforeTheSuspensionIsComplete() throws InterruptedException {
    List<Resumer<Integer>> box = new ArrayList<>();
    Thread resuming =
        new Thread(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                Resumer<Integer> resumer;
                synchronized (box) {
                  while (box.isEmpty()) {
                    try {
                      box.wait();
                    } catch (InterruptedException e) {
                      return;
                    }
                  }
                  resumer = box.remove(0);
                }
                resumer.resume(i);
              }
            });
    resuming.start();
    Treadle.run(
        () -> {
          for (int i = 0; i < 20_000; i++) {
            int value =
                suspend(
                    (Resumer<Integer> resumer) -> {
                      synchronized (box) {
                        box.add(resumer);
                        box.notifyAll();
                      }
                    });
            assertThat(value).isEqualTo(i);
          }
        });
    resuming.join();
  }

  // ------------------------------------------------------------------ as CompletionStage

  @Test
  void dependentsRunInTheLoopInTheOrderInWhichTheyCame() {
    loop.run(
        () -> {
          Task<String> task =
              spawn(
                  () -> {
                    yieldNow();
                    return "value";
                  });
          for (int i = 0; i < 3; i++) {
            int number = i;
            task.thenAccept(value -> log.add(value + number));
          }
          task.thenApplyAsync(String::length)
              .thenAcceptAsync(
                  length -> log.add(EventLoop.current() == loop ? length : "elsewhere"));
          await(task);
          log.add("awaited");
          sleep(Duration.ofMillis(1));
        });
    assertThat(log).containsExactly("value0", "value1", "value2", "awaited", 5);
  }

  @Test
  void dependentsOfAFailureGetItAsThoseOfACompletableFutureDo() {
    IOException failure = new IOException("own");
    loop.run(
        () -> {
          Task<Object> task =
              spawn(
                  () -> {
                    throw failure;
                  });
          log.add(await(task.handle((value, thrown) -> thrown == failure)));
          log.add(
              await(
                  task.thenApply(value -> value)
                      .handle((value, thrown) -> thrown.getCause() == failure)));
          log.add(await(task.exceptionally(thrown -> "recovered")));
        });
    assertThat(log).containsExactly(true, true, "recovered");
  }

  @Test
  void theCopyOfATaskRequestsItsCancellation() {
    loop.run(
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    try {
                      sleep(LONG);
                    } finally {
                      sleep(Duration.ofMillis(5));
                      log.add("clean");
                    }
                  });
          CompletableFuture<Void> copy = task.toCompletableFuture();
          yieldNow();
          assertThat(copy.cancel(true)).isTrue();
          assertThat(copy).isNotDone();
          try {
            await(copy);
          } catch (CancellationException e) {
            log.add(copy.isCancelled());
          }
        });
    assertThat(log).containsExactly("clean", true);
  }

  @Test
  void stagesMayBeMadeOnAnyThread() throws Exception {
    try (EventLoop other = EventLoop.inThread("other")) {
      Task<String> task = other.submit(() -> "value");
      CompletableFuture<String> where =
          task.thenApply(value -> Thread.currentThread().getName()).toCompletableFuture();
      assertThat(where.get()).isEqualTo("other");
      Deferred<String> deferred = other.createFuture();
      CompletionStage<String> stage = deferred.thenApply(value -> value + "!");
      assertThat(deferred.complete("value")).isTrue();
      assertThat(deferred.complete("again")).isFalse();
      assertThat(stage.toCompletableFuture().get()).isEqualTo("value!");
    }
  }

  @Test
  void aTaskOfAClosedLoopStillAnswers() throws Exception {
    Task<String>[] task = newArray();
    Treadle.run(() -> task[0] = spawn(() -> "value"));
    assertThat(task[0].get()).isEqualTo("value");
    assertThat(task[0].result()).isEqualTo("value");
    assertThat(task[0].thenApply(String::length).toCompletableFuture().get()).isEqualTo(5);
    log.add(loop.<String, RuntimeException>run(() -> await(task[0])));
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // empty
  private static <T> Task<T>[] newArray(Task<T>... none) {
    return java.util.Arrays.copyOf(none, 1);
  }

  // ------------------------------------------------------------------ as Future

  @Test
  void toBlockTheLoopForItselfIsRefused() throws Exception {
    loop.run(
        () -> {
          Task<Void> task = spawn(() -> sleep(Duration.ofMillis(1)));
          Deferred<Void> deferred = loop.createFuture();
          CompletableFuture<Void> copy = task.toCompletableFuture();
          refused(task::get);
          refused(() -> task.get(1, TimeUnit.SECONDS));
          refused(deferred::get);
          refused(copy::get);
          refused(copy::join);
          refused(() -> task.thenRun(() -> {}).toCompletableFuture().join());
          await(task);
          assertThat(task.get()).isNull();
        });
  }

  private interface Blocks {
    void run() throws Exception;
  }

  private static void refused(Blocks call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("await");
  }

  @Test
  void otherThreadsMayBlock() throws Exception {
    try (EventLoop other = EventLoop.inThread("other")) {
      CountDownLatch latch = new CountDownLatch(1);
      Task<Integer> task =
          other.submit(
              () -> {
                suspend(resumer -> new Thread(() -> release(latch, resumer)).start());
                return 1;
              });
      assertThatThrownBy(() -> task.get(1, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThatThrownBy(task::result).isInstanceOf(IllegalStateException.class);
      latch.countDown();
      assertThat(task.get()).isEqualTo(1);
      IOException failure = new IOException("own");
      Task<Void> failed =
          other.submit(
              () -> {
                throw failure;
              });
      assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasCause(failure);
      assertThatThrownBy(failed::result).isSameAs(failure);
      assertThat(failed.exception()).isSameAs(failure);
      assertThat(task.exception()).isNull();
    }
  }

  private static void release(CountDownLatch latch, Resumer<?> resumer) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    resumer.resume(null);
  }

  @Test
  void tasksThatAreDoneFromTheStart() throws Exception {
    IOException failure = new IOException("own");
    Task<String> completed = Task.completed("value");
    Task<String> failed = Task.failed(failure);
    assertThat(completed.get()).isEqualTo("value");
    assertThat(completed.result()).isEqualTo("value");
    assertThat(completed.exception()).isNull();
    assertThat(completed.cancel()).isFalse();
    assertThat(completed.isDone()).isTrue();
    assertThat(failed.exception()).isSameAs(failure);
    assertThatThrownBy(failed::result).isSameAs(failure);
    assertThat(completed.stackTrace()).isEmpty();
    assertThat(completed.thenApply(String::length).toCompletableFuture().join()).isEqualTo(5);
  }

  // ------------------------------------------------------------------ Deferred

  @Test
  void aDeferredIsCompletedOnce() {
    loop.run(
        () -> {
          Deferred<String> future = loop.createFuture();
          assertThat(future.isDone()).isFalse();
          assertThat(future.fail(new IOException("own"))).isTrue();
          assertThat(future.complete("late")).isFalse();
          assertThat(future.cancel(true)).isFalse();
          try {
            await(future, IOException.class);
          } catch (IOException e) {
            log.add(e.getMessage());
          }
        });
    assertThat(log).containsExactly("own");
  }

  @Test
  void manyThreadsCompleteDeferredsOfALoop() throws Exception {
    int threads = 4;
    int rounds = 5_000;
    try (EventLoop other = EventLoop.inThread("other")) {
      List<Thread> started = new ArrayList<>();
      List<Deferred<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        futures.add(other.createFuture());
      }
      Task<Integer> winners =
          other.submit(
              () -> {
                int sum = 0;
                for (Deferred<Integer> future : futures) {
                  sum += await(future);
                }
                return sum;
              });
      int[] won = new int[threads];
      for (int t = 0; t < threads; t++) {
        int number = t;
        Thread thread =
            new Thread(
                () -> {
                  for (Deferred<Integer> future : futures) {
                    if (future.complete(number)) {
                      won[number]++;
                    }
                  }
                });
        thread.start();
        started.add(thread);
      }
      for (Thread thread : started) {
        thread.join();
      }
      int sum = 0;
      int count = 0;
      for (int t = 0; t < threads; t++) {
        sum += t * won[t];
        count += won[t];
      }
      assertThat(count).isEqualTo(rounds);
      assertThat(winners.get()).isEqualTo(sum);
    }
  }

  // ------------------------------------------------------------------ failures that nobody reads

  @Test
  void aFailureThatNobodyAsksForIsReportedWhenTheLoopCloses() {
    loop.run(
        () -> {
          spawn(
              () -> {
                throw new IOException("task");
              });
          Deferred<Void> deferred = loop.createFuture();
          deferred.fail(new IOException("deferred"));
          Task<Void> seen =
              spawn(
                  () -> {
                    throw new IOException("seen");
                  });
          yieldNow();
          seen.exception();
        });
    assertThat(reported).isEmpty();
    loop.close();
    assertThat(reported)
        .extracting(Throwable::getMessage)
        .containsExactlyInAnyOrder("task", "deferred");
    reported.clear();
  }

  @Test
  void aFailureThatNobodyAsksForIsReportedWhenTheTaskIsGarbage() throws Exception {
    List<Throwable> collected = new ArrayList<>();
    CountDownLatch told = new CountDownLatch(1);
    try (EventLoop other = EventLoop.inThread("other")) {
      other.setExceptionHandler(
          (l, context) -> {
            collected.add((Throwable) context.get("exception"));
            told.countDown();
          });
      other.submit(
          () -> {
            throw new IOException("unread");
          });
      while (!told.await(10, TimeUnit.MILLISECONDS)) {
        System.gc();
      }
    }
    assertThat(collected).extracting(Throwable::getMessage).containsExactly("unread");
  }
}
