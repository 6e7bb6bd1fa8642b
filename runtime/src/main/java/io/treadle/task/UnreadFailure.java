package io.treadle.task;

import io.treadle.Task;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a future for which nobody waited. If nobody has asked for it when the future is
 * garbage, or when the loop closes, it is reported.
 */
final class UnreadFailure implements Runnable {
  /** Made when the first task fails unseen: its thread calls {@link #run}. */
  private static final Cleaner CLEANER = Cleaner.create();

  private final TaskLoop loop;
  private final Outcome.Failure failure;
  private final String label;
  private final WeakReference<LoopFuture<?>> future;

  private UnreadFailure(TaskLoop loop, Outcome.Failure failure, LoopFuture<?> future) {
    this.loop = loop;
    this.failure = failure;
    this.label = future.label();
    this.future = new WeakReference<>(future);
  }

  static UnreadFailure of(LoopFuture<?> future, Outcome.Failure failure) {
    UnreadFailure unread = new UnreadFailure(future.loop(), failure, future);
    CLEANER.register(future, unread);
    return unread;
  }

  boolean wasSeen() {
    return failure.seen;
  }

  /** The future is garbage. */
  @Override
  public void run() {
    if (!failure.seen) {
      loop.callbacks.post(this::report);
    }
  }

  void report() {
    if (!failure.seen) {
      LoopFuture<?> left = future.get();
      @Nullable Task<?> task = left instanceof LoopTask ? (LoopTask<?>) left : null;
      loop.report(
          label + " failed, and nobody asked for its outcome", Outcome.cause(failure), task);
    }
  }
}
