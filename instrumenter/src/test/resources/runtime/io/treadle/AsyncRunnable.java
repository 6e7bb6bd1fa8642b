package io.treadle;

public interface AsyncRunnable<X extends Throwable> {
  @Async
  void run() throws X;
}
