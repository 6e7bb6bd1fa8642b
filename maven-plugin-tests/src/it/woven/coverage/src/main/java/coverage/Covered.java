package coverage;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import java.util.concurrent.CompletableFuture;

/** The lines that a report on the unwoven class has are marked. */
class Covered { // covered
  @Async
  int direct(int n) {
    int sum = 0; // covered
    for (int i = 0; i < n; i++) { // covered
      yieldNow(); // covered
      if (i > 100) { // covered
        sum += plain(i); // missed
      } else {
        sum += i; // covered
      }
    }
    return sum; // covered
  }

  @Async
  CompletableFuture<String> future(boolean fail) {
    try {
      yieldNow(); // covered
      if (fail) { // covered
        throw new IllegalStateException("failed"); // missed
      }
    } finally {
      yieldNow(); // covered
    }

    return CompletableFuture.completedFuture("done"); // covered
  }

  AsyncCallable<Integer, RuntimeException> lambda() {
    return () -> { // covered
      yieldNow(); // covered
      return direct(3); // covered
    };
  }

  @Async
  int never() {
    yieldNow(); // missed
    return 1; // missed
  }

  private static int plain(int i) {
    return i; // missed
  }
}
