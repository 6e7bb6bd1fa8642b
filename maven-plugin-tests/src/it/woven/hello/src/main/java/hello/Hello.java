package hello;

import static io.treadle.Treadle.run;
import static io.treadle.Treadle.sleep;

import io.treadle.Async;
import java.time.Duration;

public class Hello {
  public static void main(String[] args) {
    System.out.println(run(() -> greet(args[0])));
  }

  @Async
  static String greet(String name) {
    String greeting = "Hello";
    for (int i = 0; i < 3; i++) {
      sleep(Duration.ofMillis(1));
      greeting += ",";
    }
    return greeting + " " + name + "!";
  }
}
