package app;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;

class Other {
  @Async
  static String decorate(String name) {
    yieldNow();
    return name + "?";
  }
}
