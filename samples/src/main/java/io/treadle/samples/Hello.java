package io.treadle.samples;

import static io.treadle.Treadle.gather;
import static io.treadle.Treadle.run;
import static io.treadle.Treadle.sleep;

import io.treadle.Async;
import java.time.Duration;
import java.util.List;

/** The first program: two greetings that take a while, at the same time. */
public final class Hello {
  private Hello() {}

  /** Prints the greetings. */
  public static void main(String[] args) {
    List<String> greetings = run(() -> gather(() -> greet("Ada"), () -> greet("Grace")));
    greetings.forEach(System.out::println);
  }

  // An ordinary method, but for @Async: while it sleeps, its thread runs the other greeting.
  @Async
  private static String greet(String name) {
    System.out.println("looking for " + name);
    sleep(Duration.ofMillis(100));
    return "Hello, " + name + "!";
  }
}
