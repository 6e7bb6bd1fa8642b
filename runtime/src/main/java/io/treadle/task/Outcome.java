package io.treadle.task;

import io.treadle.CancelledError;
import io.treadle.continuation.Sneaky;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How a future has ended, in one reference: the value itself, {@link #NULL}, a {@link Failure} or
 * {@link #CANCELLED}. A future without an outcome has null.
 */
final class Outcome {
  /** The value null. */
  static final Object NULL = new Object();

  static final Object CANCELLED = new Object();

  /** The future has failed. */
  static final class Failure {
    final Throwable cause;

    /**
     * True once somebody was told of the failure. Set on any thread; a late look reports a failure
     * once too often, which does no harm.
     */
    volatile boolean seen;

    Failure(Throwable cause) {
      this.cause = cause;
    }
  }

  private Outcome() {}

  static Object ofValue(@Nullable Object value) {
    return value == null ? NULL : value;
  }

  static Object ofFailure(Throwable cause) {
    return new Failure(ordinary(cause));
  }

  /** Returns the value, or throws the failure, or a {@link CancellationException}. */
  @SuppressWarnings("unchecked") // the future has the type
  static <T extends @Nullable Object> T get(Object outcome) {
    if (outcome instanceof Failure) {
      throw Sneaky.rethrow(cause((Failure) outcome));
    }
    if (outcome == CANCELLED) {
      throw cancellation();
    }
    return (T) (outcome == NULL ? null : outcome);
  }

  /** {@link #get}, with the exceptions of {@link java.util.concurrent.Future#get()}. */
  static <T extends @Nullable Object> T report(Object outcome) throws ExecutionException {
    if (outcome instanceof Failure) {
      throw new ExecutionException(cause((Failure) outcome));
    }
    return get(outcome);
  }

  /** The failure; null if there is a value. */
  static @Nullable Throwable exception(Object outcome) {
    if (outcome == CANCELLED) {
      throw cancellation();
    }
    return outcome instanceof Failure ? cause((Failure) outcome) : null;
  }

  /** What {@link #CANCELLED} is to those who did not cancel. */
  static CancellationException cancellation() {
    return new CancellationException("the task or future was cancelled");
  }

  static Throwable cause(Failure failure) {
    failure.seen = true;
    return failure.cause;
  }

  /**
   * True if the stage is a future that is complete, and says so. Not every {@code
   * CompletableFuture} does: {@code failedStage} and its kin give one that refuses to answer.
   */
  static boolean isComplete(@Nullable Object stage) {
    return stage != null
        && (stage.getClass() == CompletableFuture.class || stage instanceof BlockingGuard)
        && ((CompletableFuture<?>) stage).isDone();
  }

  /** The outcome of a future that is complete. */
  static Object of(CompletableFuture<?> complete) {
    try {
      return ofValue(complete.join());
    } catch (CancellationException e) {
      return complete.isCancelled() ? CANCELLED : ofFailure(e);
    } catch (Throwable failure) {
      return ofFailure(ownFailure(failure));
    }
  }

  /**
   * The stage's own failure: without the wrapper of {@code CompletableFuture}, whose exact class it
   * has.
   */
  static Throwable ownFailure(Throwable failure) {
    Throwable own = failure;
    if (own.getClass() == CompletionException.class && own.getCause() != null) {
      own = own.getCause();
    }
    return ordinary(own);
  }

  /** A request to some other body to stop is an ordinary failure to everybody else. */
  private static Throwable ordinary(Throwable failure) {
    if (!(failure instanceof CancelledError)) {
      return failure;
    }
    CancellationException cancellation = new CancellationException(failure.getMessage());
    cancellation.initCause(failure);
    return cancellation;
  }
}
