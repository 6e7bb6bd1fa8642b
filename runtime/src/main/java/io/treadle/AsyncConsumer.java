package io.treadle;

import org.jspecify.annotations.Nullable;

/**
 * A body that may suspend, takes an argument and returns nothing. A lambda for it is {@code @Async}
 * code.
 *
 * @param <A> the type of the argument
 * @param <X> what the body may throw; javac infers it from a lambda
 */
@FunctionalInterface
public interface AsyncConsumer<A extends @Nullable Object, X extends Throwable> {
  /** Runs the body. */
  @Async
  void accept(A value) throws X;
}
