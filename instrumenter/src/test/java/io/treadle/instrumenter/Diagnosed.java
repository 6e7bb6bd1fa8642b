package io.treadle.instrumenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Compares what the weaver says of a source with what is marked in the source: a line with a
 * diagnostic ends with the comment {@code // error} or {@code // warning}.
 */
public final class Diagnosed {
  /** On the first line, so that the lines are those of the text. */
  private static final String IMPORTS =
      "package p; import static io.treadle.Treadle.*; import io.treadle.*; import java.time.*;"
          + " import java.util.*; import java.util.concurrent.*; import java.util.function.*; ";

  private final List<Diagnostic> diagnostics;

  private Diagnosed(List<Diagnostic> diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** The program of one source in the package {@code p}, with the usual imports. */
  public static Program compile(String source, String... options) {
    return Program.ofOptions(List.of(options), IMPORTS + source);
  }

  /** Asserts that the lines marked have diagnostics and no others. */
  public static Diagnosed check(String source) {
    return check(source, compile(source).diagnostics());
  }

  public static Diagnosed check(String source, List<Diagnostic> found) {
    List<String> expected = new ArrayList<>();
    String[] lines = source.split("\n");
    for (int i = 0; i < lines.length; i++) {
      for (Diagnostic.Severity severity : Diagnostic.Severity.values()) {
        if (lines[i].endsWith("// " + severity.name().toLowerCase(Locale.ROOT))) {
          expected.add(i + 1 + " " + severity);
        }
      }
    }
    assertThat(found)
        .as(() -> found.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")))
        .extracting(d -> d.line() + " " + d.severity())
        .containsExactlyInAnyOrderElementsOf(expected);
    return new Diagnosed(found);
  }

  /** Asserts that every diagnostic has these words. */
  public Diagnosed says(String... words) {
    assertThat(diagnostics).isNotEmpty();
    for (Diagnostic diagnostic : diagnostics) {
      assertThat(diagnostic.message()).contains(words);
    }
    return this;
  }

  /** The messages, in the order of the lines. */
  public List<String> messages() {
    return diagnostics.stream().map(Diagnostic::message).toList();
  }
}
