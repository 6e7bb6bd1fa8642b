package mocks;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;
import java.util.concurrent.CompletableFuture;

public class Service {
  @Async
  public String direct(String key) {
    yieldNow();
    return "real " + key;
  }

  @Async
  public CompletableFuture<String> future(String key) {
    yieldNow();
    return CompletableFuture.completedFuture("real " + direct(key));
  }
}
