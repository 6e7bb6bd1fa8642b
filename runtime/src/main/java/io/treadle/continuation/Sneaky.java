package io.treadle.continuation;

/**
 * Throws what the signature of a method does not allow: woven code throws exactly what the user's
 * code threw.
 */
public final class Sneaky {
  private Sneaky() {}

  /** Throws the given failure. The return type lets callers write {@code throw rethrow(t)}. */
  public static RuntimeException rethrow(Throwable failure) {
    throw Sneaky.<RuntimeException>as(failure);
  }

  @SuppressWarnings("unchecked") // erased: nothing is cast
  private static <X extends Throwable> X as(Throwable failure) throws X {
    throw (X) failure;
  }
}
