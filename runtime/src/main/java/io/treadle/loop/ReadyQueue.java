package io.treadle.loop;

import io.treadle.EventLoop;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The callbacks that are ready, in a ring that grows: adding and taking allocate nothing. */
final class ReadyQueue implements EventLoop.ReadyOrder.Batch {
  private static final int INITIAL_CAPACITY = 64;

  /** The length is a power of two. */
  private @Nullable Runnable[] ring = new Runnable[INITIAL_CAPACITY];

  /** Where the next one is taken; counts up and is masked. */
  private int head;

  /** Where the next one is added; counts up and is masked. */
  private int tail;

  void add(Runnable callback) {
    if (tail - head == ring.length) {
      grow();
    }
    ring[tail++ & ring.length - 1] = callback;
  }

  /** Takes the oldest one; there must be one. */
  Runnable take() {
    int index = head++ & ring.length - 1;
    Runnable callback = ring[index];
    ring[index] = null;
    assert callback != null;
    return callback;
  }

  @Override
  public int size() {
    return tail - head;
  }

  boolean isEmpty() {
    return tail == head;
  }

  void clear() {
    Arrays.fill(ring, null);
    head = 0;
    tail = 0;
  }

  @Override
  public void swap(int i, int j) {
    int mask = ring.length - 1;
    int a = head + index(i) & mask;
    int b = head + index(j) & mask;
    Runnable callback = ring[a];
    ring[a] = ring[b];
    ring[b] = callback;
  }

  private int index(int i) {
    if (i < 0 || i >= size()) {
      throw new IndexOutOfBoundsException("callback " + i + " of " + size());
    }
    return i;
  }

  private void grow() {
    int length = ring.length;
    if (length == 1 << 30) {
      throw new OutOfMemoryError("a billion callbacks are ready");
    }
    @Nullable Runnable[] larger = new Runnable[length * 2];
    int first = head & length - 1;
    System.arraycopy(ring, first, larger, 0, length - first);
    System.arraycopy(ring, 0, larger, length - first, first);
    ring = larger;
    head = 0;
    tail = length;
  }
}
