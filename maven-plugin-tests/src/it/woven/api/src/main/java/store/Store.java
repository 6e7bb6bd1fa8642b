package store;

import io.treadle.Async;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

public interface Store {
  @Async
  String load(String key) throws IOException;

  @Async
  CompletableFuture<Integer> size();
}
