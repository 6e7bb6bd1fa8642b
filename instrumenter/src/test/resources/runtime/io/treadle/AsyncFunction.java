package io.treadle;

public interface AsyncFunction<T, R, X extends Throwable> {
  @Async
  R apply(T value) throws X;
}
