package io.treadle;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A future of one loop that is completed by hand. {@link EventLoop#createFuture} makes it.
 *
 * <pre>{@code
 * Deferred<String> answer = loop.createFuture();
 * socket.onMessage(answer::complete); // on any thread
 * String text = await(answer);
 * }</pre>
 *
 * <p>It may be completed and cancelled on any thread; who comes first decides. What waits for it,
 * and the stages made of it, run as callbacks of the loop, in the order in which they came; a stage
 * that is added to a completed future runs in the next iteration. Its asynchronous stages run in
 * the loop as well.
 *
 * <p>{@link #get()} blocks until it is complete. It throws an {@code IllegalStateException} on the
 * loop's own thread, which would wait for itself.
 *
 * <p>An {@code await} that is cancelled cancels what it awaits.
 *
 * @param <T> the type of the value
 */
public abstract class Deferred<T extends @Nullable Object>
    implements CompletionStage<T>, Future<T> {
  /** For the runtime. */
  protected Deferred() {}

  /**
   * Completes the future with a value.
   *
   * @return false if it is complete already
   */
  public abstract boolean complete(T value);

  /**
   * Completes the future with a failure, which {@code await} throws.
   *
   * @return false if it is complete already
   */
  public abstract boolean fail(Throwable failure);
}
