package io.treadle;

/**
 * Thrown by a method that the agent could not weave, in place of its body. The message has the
 * file, the line and what is wrong, as the build would have printed it.
 */
public final class WeavingError extends LinkageError {
  private static final long serialVersionUID = 1L;

  public WeavingError(String message) {
    super(message);
  }
}
