package io.treadle.samples.linkcheck;

import static io.treadle.Treadle.run;
import static io.treadle.Treadle.spawn;
import static io.treadle.Treadle.yieldNow;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Async;
import io.treadle.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermitsTest {
  private final Permits permits = new Permits(1);
  private final List<String> log = new ArrayList<>();

  @Test
  void thoseWhoWaitHaveTheirTurnInOrder() {
    run(
        () -> {
          permits.acquire();
          spawn(() -> work("a"));
          spawn(() -> work("b"));
          letOthersRun();
          permits.release();
          permits.acquire(); // behind them
          log.add("main");
        });

    assertThat(log).containsExactly("a", "b", "main");
  }

  @Test
  void aCancelledWaiterIsPassedOver() {
    run(
        () -> {
          permits.acquire();
          Task<?> a = spawn(() -> work("a"));
          spawn(() -> work("b"));
          letOthersRun();
          a.cancel();
          permits.release();
          permits.acquire();
        });

    assertThat(log).containsExactly("b");
  }

  @Test
  void aPermitThatIsCancelledAtTheMomentItIsGivenIsNotLost() {
    run(
        () -> {
          permits.acquire();
          Task<?> a = spawn(() -> work("a"));
          letOthersRun();
          permits.release(); // to a, which has not run since
          a.cancel();
          permits.acquire();
          log.add("main");
        });

    assertThat(log).containsExactly("a", "main");
  }

  @Async
  private void work(String name) {
    permits.acquire();
    try {
      log.add(name);
      yieldNow();
    } finally {
      permits.release();
    }
  }

  @Async
  private static void letOthersRun() {
    for (int i = 0; i < 5; i++) {
      yieldNow();
    }
  }
}
