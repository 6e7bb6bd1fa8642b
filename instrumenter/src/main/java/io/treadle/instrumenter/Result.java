package io.treadle.instrumenter;

import java.util.List;

/**
 * What became of one class.
 *
 * @param bytes the class file: woven; or the very array that was given, when there was nothing to
 *     weave or the diagnostics have an error
 * @param woven true if the class file was changed
 * @param diagnostics everything that was found in the class, in the order of its lines
 */
public record Result(byte[] bytes, boolean woven, List<Diagnostic> diagnostics) {
  /** True if the class must not be used as it is. */
  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }
}
