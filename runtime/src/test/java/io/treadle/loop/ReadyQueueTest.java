package io.treadle.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadyQueueTest {
  private final ReadyQueue queue = new ReadyQueue();

  private static Runnable callback() {
    return new Runnable() {
      @Override
      public void run() {}
    };
  }

  @Test
  void isFirstInFirstOutWhileItGrowsAndWrapsAround() {
    Random random = new Random(1);
    ArrayDeque<Runnable> expected = new ArrayDeque<>();
    for (int i = 0; i < 100_000; i++) {
      if (random.nextInt(100) < 52) {
        Runnable callback = callback();
        queue.add(callback);
        expected.add(callback);
      } else if (!expected.isEmpty()) {
        assertThat(queue.take()).isSameAs(expected.remove());
      }
      assertThat(queue.size()).isEqualTo(expected.size());
    }
    while (!expected.isEmpty()) {
      assertThat(queue.take()).isSameAs(expected.remove());
    }
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void swapCountsFromTheOldest() {
    List<Runnable> callbacks = new ArrayList<>();
    for (int i = 0; i < 63; i++) {
      queue.add(callback());
      queue.take();
    }
    for (int i = 0; i < 4; i++) { // lies around the end of the ring
      callbacks.add(callback());
      queue.add(callbacks.get(i));
    }
    queue.swap(0, 3);
    queue.swap(1, 1);
    assertThat(queue.take()).isSameAs(callbacks.get(3));
    assertThat(queue.take()).isSameAs(callbacks.get(1));
    assertThat(queue.take()).isSameAs(callbacks.get(2));
    assertThat(queue.take()).isSameAs(callbacks.get(0));
  }

  @Test
  void swapRefusesWhatIsNotThere() {
    queue.add(callback());
    assertThatThrownBy(() -> queue.swap(0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> queue.swap(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
