package mocks;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;

public class Caller {
  @Async
  public String call(Service service) {
    yieldNow();
    return service.direct("a") + ", " + await(service.future("b"));
  }
}
