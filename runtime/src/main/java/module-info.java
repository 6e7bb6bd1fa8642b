/** Async and await for Java: tasks on an event loop. Start at {@link io.treadle.Treadle}. */
module io.treadle {
  requires static org.jspecify;

  exports io.treadle;
  exports io.treadle.continuation;

  uses io.treadle.continuation.FutureStyle;

  provides io.treadle.continuation.FutureStyle with
      io.treadle.task.FutureCalls;
}
