package app;

import static io.treadle.Treadle.run;
import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

class Suspicious {
  private int field;
  private static int staticField;

  @Async
  CompletableFuture<String> future() {
    yieldNow();
    return CompletableFuture.completedFuture("");
  }

  @Async
  int number() {
    yieldNow();
    return 1;
  }

  void dropsTheFuture() {
    future(); // warning: future
  }

  Object lambdaGivesAFuture() {
    AsyncCallable<Object, RuntimeException> callable = () -> future(); // warning: await(
    return run(callable);
  }

  @Async
  void blocks(Future<String> future, CompletableFuture<String> other, CountDownLatch latch)
      throws Exception {
    Thread.sleep(1); // warning: Thread.sleep
    future.get(); // warning: get
    other.join(); // warning: join
    latch.await(); // warning: await
    Thread.currentThread().join(); // warning: join
  }

  @Async
  void reads() {
    field += number(); // warning: field
    staticField += number(); // warning: staticField
    int local = 0;
    local += number();
  }
}
