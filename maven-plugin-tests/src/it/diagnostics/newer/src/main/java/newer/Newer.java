package newer;

import io.treadle.Async;
import io.treadle.continuation.Woven;

@Woven(1000)
public class Newer {
  @Async
  public static String later() {
    return "";
  }
}
