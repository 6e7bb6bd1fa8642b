package io.treadle;

import org.jspecify.annotations.Nullable;

/**
 * A body that may suspend, takes an argument and returns a value. A lambda for it is {@code @Async}
 * code.
 *
 * @param <A> the type of the argument
 * @param <R> the type of the value
 * @param <X> what the body may throw; javac infers it from a lambda
 */
@FunctionalInterface
public interface AsyncFunction<
    A extends @Nullable Object, R extends @Nullable Object, X extends Throwable> {
  /** Runs the body. */
  @Async
  R apply(A value) throws X;
}
