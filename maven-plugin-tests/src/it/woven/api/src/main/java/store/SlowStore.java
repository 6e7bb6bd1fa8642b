package store;

import static io.treadle.Treadle.sleep;

import io.treadle.Async;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

public class SlowStore implements Store {
  private final Map<String, String> values;

  public SlowStore(Map<String, String> values) {
    this.values = values;
  }

  @Override
  @Async
  public String load(String key) throws IOException {
    sleep(Duration.ofMillis(1));
    String value = values.get(key);
    if (value == null) {
      throw new FileNotFoundException(key);
    }
    return value;
  }

  @Override
  @Async
  public CompletableFuture<Integer> size() {
    sleep(Duration.ofMillis(1));
    return CompletableFuture.completedFuture(values.size());
  }
}
