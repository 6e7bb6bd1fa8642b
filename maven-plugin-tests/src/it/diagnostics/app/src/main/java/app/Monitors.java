package app;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;

class Monitors {
  @Async
  void block() {
    synchronized (this) {
      yieldNow(); // error: synchronized
    }
    synchronized (this) {
      toString();
    }
    yieldNow();
  }

  @Async
  synchronized void method() {
    yieldNow(); // error: synchronized
  }

  @Async
  static synchronized void staticMethod() {
    yieldNow(); // error: synchronized
  }
}
