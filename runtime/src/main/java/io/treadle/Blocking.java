package io.treadle;

import org.jspecify.annotations.Nullable;

/**
 * Ordinary blocking work, for {@link Treadle#offload}. It runs on another thread, and is not
 * {@code @Async} code.
 *
 * @param <T> the type of the value
 * @param <X> what the work may throw; javac infers it from a lambda
 */
@FunctionalInterface
public interface Blocking<T extends @Nullable Object, X extends Throwable> {
  /** Does the work. */
  T call() throws X;
}
