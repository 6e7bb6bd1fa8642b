package io.treadle.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers that wait, in a binary heap.
 *
 * <p>A cancelled timer stays where it is until it comes to the top, or until more than half of the
 * heap is cancelled: then the heap is built anew without them. So cancelling costs a constant, on
 * average, and cancelled timers never outnumber the others by more than {@link #TOLERANCE}.
 */
final class Timers {
  private static final int INITIAL_CAPACITY = 16;

  /** So many cancelled timers are not worth the work. */
  static final int TOLERANCE = 64;

  private @Nullable Timer[] heap = new Timer[INITIAL_CAPACITY];
  private int size;

  /** How many timers in the heap are cancelled. */
  private int cancelled;

  private long sequence;

  long nextSequence() {
    return sequence++;
  }

  /** How many timers are held, the cancelled ones among them. */
  int size() {
    return size;
  }

  void add(Timer timer) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    siftUp(size++, timer);
  }

  /** One of the timers in the heap has been cancelled. */
  void cancelled() {
    cancelled++;
    if (cancelled > TOLERANCE && cancelled > size / 2) {
      removeCancelled();
    }
  }

  /** The timer that is due first; null when there is none. */
  @Nullable Timer first() {
    while (size > 0) {
      Timer top = at(0);
      if (!top.isCancelled()) {
        return top;
      }
      removeFirst();
      cancelled--;
    }
    return null;
  }

  /** Moves the timers that are due to the ready queue, the earliest first. */
  void expire(long now, ReadyQueue ready) {
    for (Timer top = first(); top != null && top.deadline() <= now; top = first()) {
      removeFirst();
      top.due();
      ready.add(top);
    }
  }

  void clear() {
    Arrays.fill(heap, null);
    size = 0;
    cancelled = 0;
  }

  private Timer at(int index) {
    Timer timer = heap[index];
    assert timer != null;
    return timer;
  }

  private void removeFirst() {
    Timer last = at(--size);
    heap[size] = null;
    if (size > 0) {
      siftDown(0, last);
    }
  }

  private void removeCancelled() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      Timer timer = at(i);
      if (!timer.isCancelled()) {
        heap[kept++] = timer;
      }
    }
    Arrays.fill(heap, kept, size, null);
    size = kept;
    cancelled = 0;
    for (int i = size / 2 - 1; i >= 0; i--) {
      siftDown(i, at(i));
    }
  }

  private void siftUp(int from, Timer timer) {
    int index = from;
    while (index > 0) {
      int parent = index - 1 >>> 1;
      Timer above = at(parent);
      if (!timer.isBefore(above)) {
        break;
      }
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  private void siftDown(int from, Timer timer) {
    int index = from;
    while (index < size >>> 1) {
      int child = 2 * index + 1;
      if (child + 1 < size && at(child + 1).isBefore(at(child))) {
        child++;
      }
      Timer below = at(child);
      if (!below.isBefore(timer)) {
        break;
      }
      heap[index] = below;
      index = child;
    }
    heap[index] = timer;
  }
}
