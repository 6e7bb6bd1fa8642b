package app;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

class Declarations {
  static class MyFuture<T> extends CompletableFuture<T> {}

  @Async
  Future<String> future() {
    return new CompletableFuture<>(); // error: Future
  }

  @Async
  MyFuture<String> subtype() {
    return new MyFuture<>(); // error: MyFuture
  }

  @Async
  CompletionStage<String> fine() {
    return new CompletableFuture<>();
  }

  @Async
  native void nativeMethod(); // error without a line: native
}
