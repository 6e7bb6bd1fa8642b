package io.treadle.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Handle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimersTest {
  private final ManualTime time = new ManualTime();
  private final CallbackLoop loop =
      new CallbackLoop(time, time, null, new CallbackLoopTest.Failures());
  private final List<Object> fired = new ArrayList<>();

  private void runUntil(long now) {
    time.now = now;
    loop.enter();
    loop.runOnce(0);
    loop.exit();
  }

  @Test
  void fireInTheOrderOfTheirDeadlines() {
    Random random = new Random(2);
    List<Long> deadlines = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      long deadline = random.nextInt(1_000_000);
      deadlines.add(deadline);
      loop.callAt(deadline, () -> fired.add(deadline));
    }
    runUntil(1_000_000);
    deadlines.sort(Comparator.naturalOrder());
    assertThat(fired).isEqualTo(deadlines);
  }

  @Test
  void fireInTheOrderInWhichTheyWereMadeIfTheirDeadlinesAreEqual() {
    List<Integer> made = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      made.add(i);
      loop.callAt(7, () -> fired.add(number));
    }
    runUntil(7);
    assertThat(fired).isEqualTo(made);
  }

  @Test
  void thatAreCancelledDoNotFireWhereverTheyAreInTheHeap() {
    Random random = new Random(3);
    List<Long> expected = new ArrayList<>();
    List<Handle> handles = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      long deadline = random.nextInt(1_000);
      handles.add(loop.callAt(deadline, () -> fired.add(deadline)));
    }
    for (Handle handle : handles) {
      if (random.nextInt(10) < 7) {
        assertThat(handle.cancel()).isTrue();
        assertThat(handle.cancel()).isFalse();
        assertThat(handle.isCancelled()).isTrue();
      } else {
        expected.add(handle.deadline());
      }
    }
    runUntil(1_000);
    expected.sort(Comparator.naturalOrder());
    assertThat(fired).isEqualTo(expected);
  }

  @Test
  void aMillionThatAreCancelledDoNotStay() {
    loop.callAt(5, () -> fired.add("kept"));
    int most = 0;
    for (int i = 0; i < 1_000_000; i++) {
      loop.callAt(10 + i, () -> fired.add("cancelled")).cancel();
      most = Math.max(most, loop.timers.size());
    }
    assertThat(most).isLessThanOrEqualTo(Timers.TOLERANCE + 2);
    runUntil(2_000_000);
    assertThat(fired).containsExactly("kept");
  }

  @Test
  void thatAreCancelledLeaveWhenAMillionWereSetFirst() {
    List<Handle> handles = new ArrayList<>();
    for (int i = 0; i < 1_000_000; i++) {
      handles.add(loop.callAt(i, () -> fired.add("cancelled")));
    }
    handles.forEach(Handle::cancel);
    assertThat(loop.timers.size()).isLessThanOrEqualTo(2 * Timers.TOLERANCE);
  }

  @Test
  void oneMayBeCancelledInTheIterationInWhichItIsDue() {
    Handle[] second = new Handle[1];
    loop.callAt(1, () -> fired.add(second[0].cancel()));
    second[0] = loop.callAt(2, () -> fired.add("must not fire"));
    runUntil(3);
    assertThat(fired).containsExactly(true);
    assertThat(second[0].isCancelled()).isTrue();
  }

  @Test
  void oneThatHasFiredCannotBeCancelled() {
    Handle handle = loop.callAt(1, () -> fired.add("fired"));
    runUntil(1);
    assertThat(handle.cancel()).isFalse();
    assertThat(handle.isCancelled()).isFalse();
    assertThat(fired).containsExactly("fired");
  }
}
