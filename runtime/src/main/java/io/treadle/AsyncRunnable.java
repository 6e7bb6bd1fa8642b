package io.treadle;

/**
 * A body that may suspend and returns nothing. A lambda for it is {@code @Async} code.
 *
 * <pre>{@code
 * run(() -> sleep(Duration.ofSeconds(1)));
 * }</pre>
 *
 * @param <X> what the body may throw; javac infers it from a lambda
 */
@FunctionalInterface
public interface AsyncRunnable<X extends Throwable> {
  /** Runs the body. */
  @Async
  void run() throws X;
}
