package io.treadle;

import org.jspecify.annotations.Nullable;

/**
 * Asks a body to stop: it is thrown at a suspension, once for each request.
 *
 * <p>A request names a scope: a task ({@link Task#cancel}), a {@link Treadle#withTimeout} or a
 * {@link TaskGroup}. The error passes through the body, running its {@code finally} blocks, which
 * may suspend, up to that scope, which turns it into its own outcome. It is an {@code Error} so
 * that {@code catch (Exception e)} does not swallow it; a body that catches it to clean up throws
 * it again.
 *
 * <pre>{@code
 * try {
 *   sleep(Duration.ofHours(1));
 * } catch (CancelledError e) {
 *   goodbye(); // may suspend
 *   throw e;
 * }
 * }</pre>
 *
 * <p>Programs do not make it. What somebody else has cancelled is reported as {@link
 * java.util.concurrent.CancellationException}, an ordinary failure.
 */
public abstract class CancelledError extends Error {
  private static final long serialVersionUID = 1L;

  /**
   * For the runtime.
   *
   * @param message which scope was asked to end
   */
  protected CancelledError(@Nullable String message) {
    super(message);
  }

  /** The name of this class, which programs know, and the message. */
  @Override
  public final String toString() {
    String message = getLocalizedMessage();
    String name = CancelledError.class.getName();
    return message == null ? name : name + ": " + message;
  }
}
