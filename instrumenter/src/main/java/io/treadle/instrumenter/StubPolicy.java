package io.treadle.instrumenter;

/**
 * What the method that the user wrote does in a woven class, in direct style, when plain code calls
 * it.
 */
public enum StubPolicy {
  /** It throws an {@code IllegalStateException} that names the method and the way out. */
  REFUSE,

  /**
   * It runs the body on a trampoline of its own and blocks the thread while it is suspended: for
   * tests.
   */
  DRIVE
}
