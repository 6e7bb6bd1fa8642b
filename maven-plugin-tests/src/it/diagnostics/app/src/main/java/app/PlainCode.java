package app;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;
import io.treadle.PlainCalls;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

class PlainCode {
  @Async
  String direct(String key) {
    yieldNow();
    return key;
  }

  @Async
  CompletableFuture<String> future(String key) {
    return CompletableFuture.completedFuture(direct(key));
  }

  void callsDirect() {
    direct("a"); // error: direct
    yieldNow(); // error: yieldNow
    future("a").join();
  }

  @PlainCalls
  void onlyNamesThem() {
    direct("a");
    future("a");
  }

  @Async
  List<String> maps(List<String> keys) {
    List<String> once = keys.stream().map(key -> direct(key)).toList(); // error: map
    return once.stream().map(this::direct).toList(); // error: map
  }

  @Async
  Callable<String> returnsLambda() {
    return () -> await(future("a")); // error: Callable
  }
}
