package io.treadle;

import io.treadle.task.Group;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A block that ends when the tasks that were forked in it have ended.
 *
 * <pre>{@code
 * TaskGroup.run(group -> {
 *   for (URI uri : uris) {
 *     group.fork(() -> crawl(uri));
 *   }
 * });
 * }</pre>
 *
 * <p>When the body or a child fails, the children are cancelled in the order in which they were
 * forked, then the body; when all have ended, the first failure itself is thrown, with the others
 * suppressed in it. A child that is cancelled by itself is ignored. When the block is cancelled
 * from outside, it cancels the children and waits for them.
 *
 * <p>A group belongs to the thread of its loop.
 */
public abstract class TaskGroup {
  /** For the runtime. */
  protected TaskGroup() {}

  /**
   * Runs a body, then waits for the tasks that it and they have forked.
   *
   * <p>A group that is {@linkplain #cancel cancelled} returns normally.
   *
   * @param <X> what the body may throw; what a child throws may be of any type
   * @throws X the first failure
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @Async
  public static <X extends Throwable> void run(AsyncConsumer<? super TaskGroup, X> body) throws X {
    Group.run(body);
  }

  /**
   * Runs a body, then waits for the tasks that it and they have forked.
   *
   * <pre>{@code
   * int sum = TaskGroup.call(group -> {
   *   Task<Integer> a = group.fork(() -> count("a"));
   *   Task<Integer> b = group.fork(() -> count("b"));
   *   return await(a) + await(b);
   * });
   * }</pre>
   *
   * @param <T> the type of the value
   * @param <X> what the body may throw; what a child throws may be of any type
   * @return the value of the body
   * @throws X the first failure
   * @throws CancellationException if the group was {@linkplain #cancel cancelled} and the body has
   *     no value
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T call(
      AsyncFunction<? super TaskGroup, ? extends T, X> body) throws X {
    return Group.call(body);
  }

  /**
   * Starts a task of this group, in the next iteration. In a group that was cancelled it is
   * cancelled at its first suspension.
   *
   * @throws IllegalStateException if the group has ended
   */
  public abstract <T extends @Nullable Object> Task<T> fork(AsyncCallable<? extends T, ?> body);

  /**
   * Starts a task of this group, in the next iteration. In a group that was cancelled it is
   * cancelled at its first suspension.
   *
   * @throws IllegalStateException if the group has ended
   */
  public abstract Task<@Nullable Void> fork(AsyncRunnable<?> body);

  /** Cancels the children, in the order in which they were forked, then the body; once. */
  public abstract void cancel();
}
