package io.treadle;

/**
 * A callback that has been given to an {@link EventLoop} and can be cancelled.
 *
 * <p>A handle belongs to the thread of its loop. Only that of {@link EventLoop#callSoonThreadsafe}
 * may be used on any thread.
 *
 * <pre>{@code
 * Handle alarm = loop.callLater(Duration.ofSeconds(5), () -> System.err.println("slow"));
 * work();
 * alarm.cancel();
 * }</pre>
 */
public interface Handle {
  /**
   * Cancels the callback.
   *
   * @return true if it will not run now; false if it has run or was cancelled before
   * @throws IllegalStateException if this is the handle of a timer, and its loop runs on another
   *     thread
   */
  boolean cancel();

  /** True if the callback was cancelled before it ran. */
  boolean isCancelled();

  /**
   * When the timer fires, in nanoseconds of {@link EventLoop#time}.
   *
   * @throws IllegalStateException if the callback is not a timer
   */
  long deadline();
}
