package program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.treadle.Async;
import io.treadle.Treadle;
import org.junit.jupiter.api.Test;

class ProgramTest {
  @Async
  int answer() {
    return Program.twice(20) + Program.twice(1);
  }

  @Test
  void runs() {
    assertEquals(42, Treadle.<Integer, RuntimeException>run(() -> answer()));
  }
}
