package io.treadle;

import io.treadle.task.DetachedTask;
import io.treadle.task.TaskLoop;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs by itself, step by step, on an event loop; and the future of its outcome.
 *
 * <pre>{@code
 * Task<Page> task = spawn(() -> fetch(uri));
 * ...
 * Page page = await(task);
 * }</pre>
 *
 * <p>The loop holds a task until it is done. What waits for it, and the stages made of it, run as
 * callbacks of the loop, in the order in which they came; a stage that is added to a task that is
 * done runs in the next iteration. The default executor of its asynchronous stages is the loop.
 * {@link #toCompletableFuture} gives a copy, whose {@code cancel} requests the cancellation of the
 * task. {@link #get()} blocks until the task is done; on the loop's own thread, which would wait
 * for itself, it throws an {@code IllegalStateException}.
 *
 * <p><b>Cancellation</b> is a request: {@link #cancel()} makes the body throw a {@link
 * CancelledError} at the suspension where it is, or at its next one. A body that goes on and
 * returns a value is completed with the value. A body always starts, even if it is cancelled before
 * its first step (here a task differs from what {@link Future#cancel} promises).
 *
 * <p><b>A failure</b> that nobody has asked for when the task is garbage or the loop closes is
 * reported to the {@linkplain EventLoop#setExceptionHandler exception handler}.
 *
 * <p>Every method may be called on any thread unless it says otherwise.
 *
 * @param <T> the type of the value
 */
public abstract class Task<T extends @Nullable Object> implements CompletionStage<T>, Future<T> {
  /** For the runtime. */
  protected Task() {}

  /** A task that is done and has a value. It belongs to no loop. */
  public static <T extends @Nullable Object> Task<T> completed(T value) {
    return DetachedTask.completed(value);
  }

  /** A task that is done and has failed. It belongs to no loop. */
  public static <T extends @Nullable Object> Task<T> failed(Throwable failure) {
    return DetachedTask.failed(failure);
  }

  /**
   * The task whose body is running on this thread.
   *
   * @throws IllegalStateException if there is none: no loop runs here, or it runs a plain callback
   */
  public static Task<?> current() {
    return TaskLoop.currentTask();
  }

  /**
   * Requests the cancellation of the task. Each call is a new request.
   *
   * @return false if the task is done already
   */
  public abstract boolean cancel();

  /** True if the task is done and was cancelled. */
  @Override
  public abstract boolean isCancelled();

  /**
   * The value of a task that is done. Throws the failure itself if it has failed, checked
   * exceptions too.
   *
   * @throws CancellationException if it was cancelled
   * @throws IllegalStateException if it is not done
   */
  public abstract T result();

  /**
   * The failure of a task that is done; null if it has a value.
   *
   * @throws CancellationException if it was cancelled
   * @throws IllegalStateException if it is not done
   */
  public abstract @Nullable Throwable exception();

  /** The name, {@code Task-1} and so on unless it was given one. */
  public abstract String name();

  /** Names the task, for {@link EventLoop#dump} and messages; returns it. */
  public abstract Task<T> name(String name);

  /**
   * Where the body is suspended, innermost first; empty if it is not suspended, or belongs to no
   * loop.
   *
   * @throws IllegalStateException if the loop runs on another thread
   */
  public abstract StackTraceElement[] stackTrace();
}
