package io.treadle;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.gather;
import static io.treadle.Treadle.offload;
import static io.treadle.Treadle.shielded;
import static io.treadle.Treadle.sleep;
import static io.treadle.Treadle.spawn;
import static io.treadle.Treadle.suspend;
import static io.treadle.Treadle.uncancellable;
import static io.treadle.Treadle.withTimeout;
import static io.treadle.Treadle.yieldNow;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FutureStyleTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final EventLoop loop = VirtualTime.loop();
  private final List<Object> log = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeTheLoop() {
    loop.close();
  }

  // ------------------------------------------------------------------ on a loop

  @Async
  private CompletableFuture<String> future(String value) throws IOException {
    log.add("begins");
    if (value.isEmpty()) {
      throw new IOException("before");
    }
    sleep(Duration.ofMillis(1));
    if (value.length() > 1) {
      throw new IOException("after");
    }
    return completedFuture(value + "!");
  }

  @Async
  private CompletionStage<String> stage(CompletionStage<String> adopted) {
    try {
      yieldNow();
      return adopted;
    } finally {
      yieldNow();
      log.add("finally");
    }
  }

  @Async
  private Task<String> task(String value) {
    log.add(Task.current().name());
    yieldNow();
    return Task.completed(value + Task.current().name());
  }

  @Async
  private CompletableFuture<Void> sleeper() {
    try {
      sleep(LONG);
    } catch (CancelledError e) {
      log.add("cancelled");
      throw e;
    } finally {
      yieldNow();
      log.add("clean");
    }
    return completedFuture(null);
  }

  @Test
  void theBodyBeginsAtTheCallAndRunsToItsFirstSuspension() throws IOException {
    loop.run(
        () -> {
          CompletableFuture<String> future = future("a");
          log.add("called");
          log.add(await(future));
        });
    assertThat(log).containsExactly("begins", "called", "a!");
  }

  @Test
  void whatTheBodyThrowsArrivesInTheFuture() {
    loop.run(
        () -> {
          for (String value : List.of("", "ab")) {
            try {
              await(future(value), IOException.class);
            } catch (IOException e) {
              log.add(e.getMessage());
            }
          }
        });
    assertThat(log).containsExactly("begins", "before", "begins", "after");
  }

  @Test
  void aStageIsAdoptedAfterFinallyBlocks() {
    loop.run(
        () -> {
          CompletableFuture<String> adopted = new CompletableFuture<>();
          CompletionStage<String> result = stage(adopted);
          sleep(Duration.ofMillis(1));
          assertThat(result.toCompletableFuture()).isNotDone();
          adopted.complete("adopted");
          log.add(await(result));
          log.add(await(stage(completedFuture("at once"))));
          try {
            await(stage(CompletableFuture.failedStage(new IOException("failed"))));
          } catch (Exception e) {
            log.add(e.getMessage());
          }
        });
    assertThat(log)
        .containsExactly("finally", "adopted", "finally", "at once", "finally", "failed");
  }

  @Test
  void theBodyIsATaskOfItsOwn() {
    loop.run(
        () -> {
          String caller = Task.current().name();
          Task<String> task = task("in ");
          assertThat(Task.current().name()).isEqualTo(caller);
          assertThat(loop.tasks()).contains(task);
          log.add(await(task));
          assertThat(log).containsExactly(task.name(), "in " + task.name()).doesNotContain(caller);
        });
  }

  @Test
  void aFutureThatOthersCompleteCancelsItsBody() {
    List<Consumer<CompletableFuture<Void>>> ways =
        List.of(
            future -> future.cancel(true),
            future -> future.complete(null),
            future -> future.completeExceptionally(new IOException("other")),
            future -> future.completeAsync(() -> null, Runnable::run),
            future -> future.obtrudeValue(null));
    loop.run(
        () -> {
          for (Consumer<CompletableFuture<Void>> way : ways) {
            CompletableFuture<Void> future = sleeper();
            way.accept(future);
            assertThat(future).isDone();
            sleep(Duration.ofMillis(1));
            assertThat(log).containsExactly("cancelled", "clean");
            log.clear();
          }
        });
  }

  @Test
  void aTimeoutOfTheFutureCancelsItsBody() {
    Treadle.run(
        () -> {
          CompletableFuture<Void> future = sleeper().orTimeout(1, TimeUnit.MILLISECONDS);
          try {
            await(future);
          } catch (Exception e) {
            log.add(e.getClass().getSimpleName());
          }
          while (!log.contains("clean")) { // the end of the program would cancel it once more
            yieldNow();
          }
        });
    assertThat(log).containsExactlyInAnyOrder("TimeoutException", "cancelled", "clean");
  }

  @Test
  void theBodyIsChildOfNoScopeAndCancelledWhenTheLoopCloses() {
    loop.run(
        () -> {
          try {
            withTimeout(Duration.ofMillis(1), () -> TaskGroup.run(group -> sleeper()));
          } catch (java.util.concurrent.TimeoutException e) {
            log.add("must not time out");
          }
          sleep(Duration.ofMillis(5));
          log.add("main ends");
        });
    loop.close();
    assertThat(log).containsExactly("main ends", "cancelled", "clean");
  }

  @Test
  void aPlainCallbackMayCallIt() {
    loop.run(
        () -> {
          Deferred<CompletableFuture<Void>> called = loop.createFuture();
          loop.callSoon(() -> called.complete(sleeper()));
          await(called).cancel(true);
          assertThatThrownBy(EventLoopTest::currentTaskInACallback)
              .isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  void toBlockTheLoopForTheFutureIsRefused() {
    loop.run(
        () -> {
          CompletableFuture<Void> future = sleeper();
          assertThatThrownBy(future::join).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(future::get).isInstanceOf(IllegalStateException.class);
        });
  }

  // ------------------------------------------------------------------ without a loop

  private final List<Resumer<String>> resumers = new ArrayList<>();

  @Async
  private CompletableFuture<String> loopless(CompletionStage<String> stage) {
    String value = await(stage);
    log.add(Thread.currentThread().getName());
    String resumed = suspend(resumers::add);
    log.add(resumed + " on " + Thread.currentThread().getName());
    String offloaded = offload(() -> "offloaded");
    log.add(offloaded);
    return completedFuture(value);
  }

  @Test
  void withoutALoopTheBodyResumesOnTheThreadThatCompletesTheStage() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    CompletableFuture<String> future = loopless(stage);
    assertThat(future).isNotDone();
    Thread completing = new Thread(() -> stage.complete("value"), "completing");
    completing.start();
    completing.join();
    new Thread(() -> resumers.get(0).resume("suspended"), "r").start();
    assertThat(future.get()).isEqualTo("value");
    assertThat(log).containsExactly("completing", "suspended on r", "offloaded");
  }

  @Async
  private <X extends Throwable> CompletableFuture<Void> needsALoop(AsyncRunnable<X> body) throws X {
    body.run();
    return completedFuture(null);
  }

  @Test
  void withoutALoopThatWhichNeedsOneFails() throws Throwable {
    List<AsyncRunnable<?>> bodies =
        List.of(
            () -> sleep(Duration.ofMillis(1)),
            () -> yieldNow(),
            () -> spawn(() -> {}),
            () -> TaskGroup.run(group -> {}),
            () -> withTimeout(LONG, () -> {}),
            () -> shielded(() -> {}),
            () -> gather(() -> 1));
    for (AsyncRunnable<?> body : bodies) {
      assertThatThrownBy(needsALoop(body)::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("EventLoop.submit");
    }
  }

  /** It has none, and not by chance that of the thread that completes a stage. */
  @Test
  void withoutALoopTheBodyDoesNotSeeTheLoopWhoseThreadResumesIt() throws Exception {
    CompletableFuture<Void> stage = new CompletableFuture<>();
    CompletableFuture<Void> future =
        needsALoop(
            () -> {
              await(stage);
              EventLoop.current();
            });
    try (EventLoop other = EventLoop.inThread("other")) {
      other.execute(() -> stage.complete(null));
      assertThatThrownBy(future::get).hasCauseInstanceOf(IllegalStateException.class);
      assertThat(other.submit(() -> EventLoop.current() == other).get()).isTrue();
    }
  }

  @Async
  private CompletableFuture<Void> awaiting(CompletionStage<?> stage) {
    try {
      await(stage);
    } catch (CancelledError e) {
      log.add("cancelled");
      throw e;
    } finally {
      log.add("clean");
    }
    return completedFuture(null);
  }

  @Test
  void withoutALoopAFutureThatOthersCompleteCancelsItsBody() {
    CompletableFuture<Void> stage = new CompletableFuture<>();
    CompletableFuture<Void> future = awaiting(stage);
    assertThat(future.cancel(true)).isTrue();
    assertThat(log).containsExactly("cancelled", "clean");
    assertThat(stage).isCancelled();
  }

  @Async
  private CompletableFuture<Void> uncancellableFirst(CompletionStage<?> first) {
    uncancellable(() -> await(first));
    log.add("first");
    await(new CompletableFuture<>());
    log.add("must not get here");
    return completedFuture(null);
  }

  @Test
  void withoutALoopARequestWaitsForTheEndOfAnUncancellableBody() {
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> future = uncancellableFirst(first);
    future.cancel(true);
    assertThat(first).isNotDone();
    first.complete(null);
    assertThat(log).containsExactly("first");
  }

  @Test
  void withoutALoopATaskOfALoopIsAwaitedAndCancelled() throws Exception {
    try (EventLoop other = EventLoop.inThread("other")) {
      Task<String> value = other.submit(() -> "value");
      CompletableFuture<Void> awaited = awaiting(value);
      awaited.get();
      assertThat(log).containsExactly("clean");
      log.clear();
      Task<Void> endless = other.submit(() -> sleep(LONG));
      CompletableFuture<Void> future = awaiting(endless);
      future.cancel(true);
      assertThatThrownBy(endless::get).isInstanceOf(CancellationException.class);
      other.submit(() -> {}).get(); // what was posted before has run
      assertThat(log).containsExactly("cancelled", "clean");
    }
  }

  @Async
  private Task<String> looplessTask(CompletionStage<String> stage) {
    return Task.completed(await(stage));
  }

  @Test
  void withoutALoopThereAreTasksAsWell() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Task<String> task = looplessTask(stage);
    assertThat(task.isDone()).isFalse();
    stage.complete("value");
    assertThat(task.get()).isEqualTo("value");
    Task<String> cancelled = looplessTask(new CompletableFuture<>());
    assertThat(cancelled.cancel()).isTrue();
    assertThat(cancelled.isCancelled()).isTrue();
    assertThatThrownBy(cancelled::result).isInstanceOf(CancellationException.class);
  }

  /** The request races with the suspension: it is thrown at one of them, once. */
  @Test
  void withoutALoopARequestIsNotLost() throws Exception {
    for (int i = 0; i < 3_000; i++) {
      log.clear();
      CompletableFuture<Void> started = new CompletableFuture<>();
      CompletableFuture<Void> future = needsALoop(() -> awaitTwice(started));
      Thread completing = new Thread(() -> started.complete(null));
      completing.start();
      future.cancel(true);
      completing.join();
      assertThat(log).containsExactly("cancelled");
    }
  }

  @Async
  private void awaitTwice(CompletionStage<?> first) {
    try {
      await(first);
      await(new CompletableFuture<>());
    } catch (CancelledError e) {
      log.add("cancelled");
      throw e;
    }
  }
}
