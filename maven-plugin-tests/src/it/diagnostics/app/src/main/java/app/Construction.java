package app;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.yieldNow;

import java.util.concurrent.CompletableFuture;

class Construction extends Exception {
  static {
    yieldNow(); // error: static initialiser
  }

  static final String FIELD = await(CompletableFuture.completedFuture("")); // error: static initialiser

  final int instanceField = await(CompletableFuture.completedFuture(1)); // error: constructor

  Construction() {
    super(await(CompletableFuture.completedFuture(""))); // error: constructor
  }

  Construction(int i) {
    this();
    yieldNow(); // error: constructor
  }
}
