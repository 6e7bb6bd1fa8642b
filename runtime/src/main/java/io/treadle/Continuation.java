package io.treadle;

import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Twin;
import io.treadle.task.BareContinuation;

/**
 * A body that runs from one pause to the next, whenever it is told to: a coroutine, bare, one-shot,
 * without an event loop.
 *
 * <pre>{@code
 * Continuation c = Continuation.of(() -> {
 *   System.out.println("one");
 *   Continuation.pause();
 *   System.out.println("two");
 * });
 * c.run(); // one
 * c.run(); // two
 * c.isDone(); // true
 * }</pre>
 *
 * <p>Any thread may run it, one at a time; whoever hands it to another thread publishes it. {@link
 * Treadle#await await}, {@link Treadle#sleep sleep}, {@link Treadle#suspend suspend} and what is
 * made of them throw an {@code IllegalStateException} in it. One that is not run to its end is
 * simply dropped: its {@code finally} blocks do not run.
 */
public abstract class Continuation {
  /** For the runtime. */
  protected Continuation() {}

  /** A continuation that has not begun. */
  public static Continuation of(AsyncRunnable<?> body) {
    return new BareContinuation(body);
  }

  /**
   * Runs the body to its next pause or to its end. Rethrows what the body threw, checked exceptions
   * too.
   *
   * @throws IllegalStateException if the body has ended, or is running
   */
  public abstract void run();

  /** True once the body has ended. */
  public abstract boolean isDone();

  /**
   * Pauses: {@link #run} returns, and the next one goes on from here.
   *
   * @throws IllegalStateException if the body that calls it is not run by a continuation
   */
  @Async
  public static void pause() {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #pause}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static void pause(Coroutine coroutine) {
    BareContinuation.pause(coroutine);
  }
}
