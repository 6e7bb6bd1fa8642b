package io.treadle.continuation;

/** Enters one woven body again, where it was suspended. */
@FunctionalInterface
public interface Entry {
  /**
   * Runs the body from the frame that {@link Coroutine#enter} hands it, to its end or to the next
   * suspension. A value that it returns is left in the coroutine.
   */
  void resume(Coroutine coroutine) throws Throwable;
}
