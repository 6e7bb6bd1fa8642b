package app;

import static io.treadle.Treadle.run;

public class Program {
  public static void main(String[] args) {
    System.out.println(run(() -> Caller.call("world")));
  }
}
