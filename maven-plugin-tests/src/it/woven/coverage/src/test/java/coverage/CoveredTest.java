package coverage;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CoveredTest {
  @Test
  void covers() {
    Covered covered = new Covered();
    assertEquals(10, run(() -> covered.direct(5)));
    assertEquals("done", run(() -> await(covered.future(false))));
    assertEquals(3, run(covered.lambda()));
  }
}
