package io.treadle.continuation;

import org.jspecify.annotations.Nullable;

/**
 * The coroutine of one call of a future-style {@code @Async} method.
 *
 * <p>The method that the user wrote calls {@link Linkage#begin}, then its body, then one of the
 * methods here, always, and returns the future that it gets.
 */
public abstract class FutureBody extends Coroutine {
  /** The coroutine of a call that begins. */
  protected FutureBody() {}

  /**
   * The body has returned this stage, or is suspended.
   *
   * @return the future, of the type that was declared
   */
  public abstract Object returned(@Nullable Object stage);

  /**
   * The body has thrown.
   *
   * @return the future, of the type that was declared; it has failed
   */
  public abstract Object failed(Throwable failure);
}
