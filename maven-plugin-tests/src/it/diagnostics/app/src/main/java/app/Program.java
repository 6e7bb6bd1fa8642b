package app;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;

class Program {
  @Async
  public static void main(String[] args) {
    yieldNow(); // error: run(
  }
}
