package io.treadle.weaving.harness;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a case did. Two outcomes are equal when the cases cannot be told apart: the
 * number of suspensions does not count.
 *
 * @param trace what it logged
 * @param returned what it returned, as text
 * @param thrown what it threw, with causes and suppressed exceptions, as text
 * @param suspensions how often it was suspended
 */
public record Outcome(
    List<String> trace, String returned, @Nullable String thrown, int suspensions) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Outcome o
        && trace.equals(o.trace)
        && returned.equals(o.returned)
        && Objects.equals(thrown, o.thrown);
  }

  @Override
  public int hashCode() {
    return Objects.hash(trace, returned, thrown);
  }

  /** A failure as text. */
  static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.getClass().getName());
    if (!(failure instanceof NullPointerException)) { // the JVM's message names the callee
      text.append(": ").append(failure.getMessage());
    }
    if (failure.getCause() != null) {
      text.append(", caused by (").append(describe(failure.getCause())).append(')');
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      text.append(", suppressed (").append(describe(suppressed)).append(')');
    }
    return text.toString();
  }
}
