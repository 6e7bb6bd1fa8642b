package app;

import io.treadle.Async;
import newer.Newer;
import unwoven.Unwoven;

class Jars {
  @Async
  String callsUnwoven() {
    return Unwoven.forgotten(); // error: unwoven-1.jar
  }

  @Async
  String callsNewer() {
    return Newer.later(); // error: newer-1.jar
  }
}
