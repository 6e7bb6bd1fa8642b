package io.treadle.continuation;

/**
 * Makes the coroutines of future-style calls: a service, since futures of a loop are tasks of that
 * loop.
 */
public interface FutureStyle {
  /**
   * Begins a call on this thread.
   *
   * @param declared the declared return type: {@code CompletableFuture}, {@code CompletionStage} or
   *     {@code Task}
   */
  FutureBody begin(Class<?> declared);
}
