package io.treadle;

public interface AsyncCallable<T, X extends Throwable> {
  @Async
  T call() throws X;
}
