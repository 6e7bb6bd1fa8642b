package io.treadle.loop;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Threads post while the loop takes: nothing is lost or doubled, and each thread's order is kept.
 */
public class InboxRaceTest {
  private record Posted(int number) implements Runnable {
    @Override
    public void run() {}
  }

  private final Inbox inbox = new Inbox();
  private final ReadyQueue ready = new ReadyQueue();

  @Operation
  public boolean push(int number) {
    return inbox.push(new Posted(number));
  }

  @Operation(nonParallelGroup = "loop")
  public List<Integer> drain() {
    inbox.drainTo(ready);
    return taken();
  }

  @Operation(nonParallelGroup = "loop", runOnce = true)
  public List<Integer> close() {
    inbox.closeInto(ready);
    return taken();
  }

  private List<Integer> taken() {
    List<Integer> numbers = new ArrayList<>();
    while (!ready.isEmpty()) {
      numbers.add(((Posted) ready.take()).number());
    }
    return numbers;
  }

  @Test
  void everyInterleavingOfAFewCalls() {
    new ModelCheckingOptions()
        .threads(3)
        .actorsPerThread(3)
        .iterations(10)
        .invocationsPerIteration(200)
        .check(InboxRaceTest.class);
  }

  @Test
  void realThreads() {
    new StressOptions()
        .threads(3)
        .actorsPerThread(3)
        .iterations(10)
        .invocationsPerIteration(200)
        .check(InboxRaceTest.class);
  }
}
