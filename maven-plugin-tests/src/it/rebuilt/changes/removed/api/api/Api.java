package api;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;

public class Api {
  @Async
  public static String goodbye() {
    yieldNow();
    return "goodbye";
  }
}
