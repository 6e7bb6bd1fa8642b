package io.treadle;

import org.jspecify.annotations.Nullable;

/**
 * A body that may suspend and returns a value: what {@link Treadle#run}, {@link Treadle#spawn} and
 * {@link TaskGroup#fork} take. A lambda for it is {@code @Async} code.
 *
 * <pre>{@code
 * int n = run(() -> await(count()));
 * }</pre>
 *
 * @param <T> the type of the value
 * @param <X> what the body may throw; javac infers it from a lambda
 */
@FunctionalInterface
public interface AsyncCallable<T extends @Nullable Object, X extends Throwable> {
  /** Runs the body. */
  @Async
  T call() throws X;
}
