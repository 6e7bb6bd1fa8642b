package io.treadle.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the two futures of a loop, tasks and deferred values, have in common: an outcome, which any
 * thread may read, and the callbacks that wait for it, which belong to the loop's thread.
 *
 * <p>Stages are made of a copy, one for each dependent: so the dependents run in the order in which
 * they came ({@code CompletableFuture} turns the order round), each as a callback of the loop.
 */
interface LoopFuture<T extends @Nullable Object> extends StageDelegate<T>, Future<T>, Wait {
  TaskLoop loop();

  /** See {@link Outcome}; null while there is none. */
  @Nullable Object outcome();

  /** Null, a {@code Runnable}, or a list of several. */
  @Nullable Object waiters();

  void setWaiters(@Nullable Object waiters);

  /** The name of this future, for readers. */
  String label();

  // ------------------------------------------------------------------ waiters

  /** Runs a callback when this future is done, in the iteration after that. In the loop. */
  default void addWaiter(Runnable waiter) {
    Object waiters = waiters();
    if (waiters == null) {
      if (outcome() != null) {
        loop().callbacks.ready(waiter);
      } else {
        setWaiters(waiter);
      }
    } else if (waiters instanceof Waiters) {
      ((Waiters) waiters).list.add(waiter);
    } else {
      // Completed by another thread or not: these have not been woken, and come first.
      setWaiters(new Waiters((Runnable) waiters, waiter));
    }
  }

  /** Removes a waiter that is not to be woken any more. In the loop. */
  default void removeWaiter(Runnable waiter) {
    Object waiters = waiters();
    if (waiters == waiter) {
      setWaiters(null);
    } else if (waiters instanceof Waiters) {
      ((Waiters) waiters).list.remove(waiter);
    }
  }

  /** Readies the waiters: this future has an outcome. In the loop. */
  default void wakeWaiters() {
    Object waiters = waiters();
    setWaiters(null);
    TaskLoop loop = loop();
    if (waiters instanceof Waiters) {
      for (Runnable waiter : ((Waiters) waiters).list) {
        loop.callbacks.ready(waiter);
      }
    } else if (waiters != null) {
      loop.callbacks.ready((Runnable) waiters);
    } else if (outcome() instanceof Outcome.Failure) {
      loop.watch(this, (Outcome.Failure) outcome());
    }
  }

  /** Several waiters. */
  final class Waiters {
    final List<Runnable> list = new ArrayList<>(4);

    Waiters(Runnable first, Runnable second) {
      list.add(first);
      list.add(second);
    }
  }

  /**
   * Runs a callback in the loop when this future is done. On any thread. If the loop is closed, it
   * runs at once.
   */
  default void whenDone(Runnable callback) {
    TaskLoop loop = loop();
    if (loop.callbacks.inLoop()) {
      addWaiter(callback);
    } else if (!loop.callbacks.post(() -> addWaiter(callback))) {
      if (outcome() == null) {
        throw new IllegalStateException(label() + " will never be done: its event loop is closed");
      }
      callback.run();
    }
  }

  // ------------------------------------------------------------------ as a Wait

  @Override
  default void arm(TaskBody waiter) {
    addWaiter(waiter);
  }

  @Override
  default boolean cancel(TaskBody waiter) {
    cancel(true);
    return false;
  }

  @Override
  default void deliver(TaskBody waiter) {
    Object outcome = outcome();
    assert outcome != null;
    waiter.deliver(outcome);
  }

  @Override
  default String describe() {
    return "awaiting " + label();
  }

  // ------------------------------------------------------------------ as a CompletionStage

  /** The copy may be complete as soon as the loop knows it: the dependent comes first. */
  @Override
  default <R> R attach(Function<CompletionStage<T>, R> dependent) {
    LoopCopy<T> copy = new LoopCopy<>(this);
    R made = dependent.apply(copy);
    whenDone(copy);
    return made;
  }

  @Override
  default CompletableFuture<T> toCompletableFuture() {
    LoopCopy<T> copy = new LoopCopy<>(this);
    whenDone(copy);
    return copy;
  }

  // ------------------------------------------------------------------ as a Future

  @Override
  default boolean isDone() {
    return outcome() != null;
  }

  @Override
  default T get() throws InterruptedException, ExecutionException {
    if (outcome() == null) {
      latch().await();
    }
    return report();
  }

  @Override
  default T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (outcome() == null && !latch().await(timeout, unit)) {
      throw new TimeoutException(
          label()
              + " was not done after "
              + timeout
              + " "
              + unit.toString().toLowerCase(Locale.ROOT));
    }
    return report();
  }

  private T report() throws ExecutionException {
    Object outcome = outcome();
    assert outcome != null;
    return Outcome.report(outcome);
  }

  private CountDownLatch latch() {
    loop().refuseToBlock(label());
    CountDownLatch done = new CountDownLatch(1);
    whenDone(done::countDown);
    return done;
  }
}
