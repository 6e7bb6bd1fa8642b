package io.treadle.samples;

/** The small samples, and what each of them prints. */
enum Sample {
  HELLO(
      Hello.class,
      """
      looking for Ada
      looking for Grace
      Hello, Ada!
      Hello, Grace!
      """),
  CALLBACKS(
      Callbacks.class,
      """
      ping 3
      pong 5
      ping 2
      pong 4
      ping 1
      pong 3
      pong 2
      pong 1
      """),
  WORKER_LOOP(
      WorkerLoop.class,
      """
      name of ada, mail of ada (thread worker)
      name of grace, mail of grace (thread worker)
      """),
  FUTURE_STYLE(
      FutureStyle.class,
      """
      together: 1320
      gold: no gold here
      """),
  GENERATOR(
      Generator.class,
      """
      a
      b
      c
      d
      e
      """);

  private final Class<?> main;
  private final String output;

  Sample(Class<?> main, String output) {
    this.main = main;
    this.output = output;
  }

  Class<?> main() {
    return main;
  }

  String output() {
    return output;
  }
}
