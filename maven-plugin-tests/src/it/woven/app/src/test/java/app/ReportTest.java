package app;

import static io.treadle.Treadle.run;
import static io.treadle.Treadle.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treadle.Async;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import store.SlowStore;
import store.Store;

class ReportTest {
  @Test
  void callsAClassOfTheJar() throws Exception {
    Store store = new SlowStore(Map.of("a", "1", "b", "2"));
    assertEquals("a=1 c=no c b=2 of 2", run(() -> new Report(store).of("a", "c", "b")));
  }

  @Test
  void theJarCallsAClassOfTheTest() throws Exception {
    Store store =
        new Store() {
          @Override
          @Async
          public String load(String key) {
            yieldNow();
            return key + key;
          }

          @Override
          @Async
          public CompletableFuture<Integer> size() {
            yieldNow();
            return CompletableFuture.completedFuture(7);
          }
        };
    assertEquals("a=aa of 7", run(() -> new Report(store).of("a")));
  }
}
