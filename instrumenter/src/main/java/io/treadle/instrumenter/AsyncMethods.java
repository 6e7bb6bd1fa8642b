package io.treadle.instrumenter;

/**
 * Decides which methods are async. Asked for every method of every class that matters, woven or
 * not.
 */
@FunctionalInterface
public interface AsyncMethods {
  /** Methods annotated with {@code io.treadle.Async}. */
  AsyncMethods ANNOTATED = (owner, access, name, descriptor, annotated) -> annotated;

  /**
   * @param owner the internal name of the class
   * @param access the access flags of the method
   * @param annotated whether the method bears the annotation
   */
  boolean isAsync(String owner, int access, String name, String descriptor, boolean annotated);
}
