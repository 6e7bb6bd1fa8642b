package io.treadle;

public interface Blocking<T, X extends Throwable> {
  T call() throws X;
}
