package io.treadle;

import org.jspecify.annotations.Nullable;

/**
 * Resumes one suspension, once, from any thread. {@link Treadle#suspend} hands it out.
 *
 * @param <T> the type of the value that the suspended call returns
 */
public interface Resumer<T> {
  /**
   * Lets the suspended call return the value.
   *
   * @return false if the suspension was cancelled: the value is the caller's to dispose of
   * @throws IllegalStateException if the suspension was resumed before
   */
  boolean resume(@Nullable T value);

  /**
   * Lets the suspended call throw the failure, whatever its type.
   *
   * @return false if the suspension was cancelled
   * @throws IllegalStateException if the suspension was resumed before
   */
  boolean fail(Throwable failure);

  /**
   * Registers an action that runs when the suspension is cancelled, on the thread that cancels; at
   * once if it was cancelled already. Several actions run in the order of their registration.
   */
  void onCancel(Runnable action);
}
