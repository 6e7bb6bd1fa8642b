package api;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;

public class Api {
  @Async
  public static String hello(String name) {
    yieldNow();
    return "hello " + name;
  }
}
