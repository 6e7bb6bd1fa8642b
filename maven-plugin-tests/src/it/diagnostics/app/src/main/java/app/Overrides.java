package app;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;
import java.util.concurrent.CompletableFuture;

class Overrides {
  abstract static class Base {
    @Async
    abstract String direct();

    @Async
    abstract Object widened();

    @Async
    abstract CompletableFuture<String> future();
  }

  static class NotAsync extends Base {
    @Override
    String direct() {
      return ""; // error: @Async
    }

    @Override
    @Async
    CompletableFuture<String> widened() {
      return new CompletableFuture<>(); // error: style
    }

    @Override
    CompletableFuture<String> future() {
      return new CompletableFuture<>();
    }
  }
}
