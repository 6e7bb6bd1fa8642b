package io.treadle.samples.linkcheck;

import io.treadle.Async;
import io.treadle.Resumer;
import io.treadle.Treadle;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A limit on how many tasks do something at the same time; those that wait have their turn in the
 * order in which they came.
 *
 * <p>It belongs to one loop's thread. That is why a counter and a queue are enough.
 */
final class Permits {
  private final Queue<Resumer<@Nullable Void>> waiting = new ArrayDeque<>();
  private int free;

  Permits(int number) {
    free = number;
  }

  /** Waits for a permit. Whoever has one must {@link #release} it. */
  @Async
  void acquire() {
    if (free > 0) {
      free--;
    } else {
      Treadle.<@Nullable Void>suspend(waiting::add);
    }
  }

  /** Gives a permit back: to the first who waits and is not cancelled, if there is one. */
  void release() {
    for (Resumer<@Nullable Void> next = waiting.poll(); next != null; next = waiting.poll()) {
      if (next.resume(null)) {
        return;
      }
    }
    free++;
  }
}
