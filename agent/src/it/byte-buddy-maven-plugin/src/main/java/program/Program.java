package program;

import static io.treadle.Treadle.await;

import io.treadle.Async;
import java.util.concurrent.CompletableFuture;

public class Program {
  @Async
  public static int twice(int i) {
    return await(CompletableFuture.supplyAsync(() -> 2 * i));
  }
}
