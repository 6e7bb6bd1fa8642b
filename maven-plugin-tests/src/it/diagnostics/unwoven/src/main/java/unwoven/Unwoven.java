package unwoven;

import io.treadle.Async;

public class Unwoven {
  @Async
  public static String forgotten() {
    return "";
  }
}
