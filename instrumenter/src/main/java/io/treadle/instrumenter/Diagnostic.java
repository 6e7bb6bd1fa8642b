package io.treadle.instrumenter;

/**
 * One finding, at a place in the user's source.
 *
 * @param file the source file with its package as folders ({@code com/example/Crawler.java}), else
 *     the class file
 * @param line 0 when unknown
 */
public record Diagnostic(Severity severity, String file, int line, String message)
    implements Comparable<Diagnostic> {
  /** Whether the class can be used. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /** True for what makes the class unusable. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  @Override
  public int compareTo(Diagnostic other) {
    int byFile = file.compareTo(other.file);
    int byLine = byFile != 0 ? byFile : Integer.compare(line, other.line);
    return byLine != 0 ? byLine : message.compareTo(other.message);
  }

  /** {@code Crawler.java:12: error: ...}, as compilers write it. */
  @Override
  public String toString() {
    String place = line > 0 ? file + ":" + line : file;
    return place + ": " + severity.name().toLowerCase(java.util.Locale.ROOT) + ": " + message;
  }
}
