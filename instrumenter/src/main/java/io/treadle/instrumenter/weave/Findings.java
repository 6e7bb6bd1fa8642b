package io.treadle.instrumenter.weave;

import io.treadle.instrumenter.Diagnostic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one class. */
public final class Findings {
  private final String file;
  private final List<Diagnostic> found = new ArrayList<>();

  /**
   * @param className the internal name
   * @param source the name of its source file, if the class file says it
   */
  public Findings(String className, @Nullable String source) {
    String folder = className.substring(0, className.lastIndexOf('/') + 1);
    this.file = source == null ? className + ".class" : folder + source;
  }

  public void error(int line, String message) {
    add(Diagnostic.Severity.ERROR, line, message);
  }

  public void warning(int line, String message) {
    add(Diagnostic.Severity.WARNING, line, message);
  }

  private void add(Diagnostic.Severity severity, int line, String message) {
    Diagnostic diagnostic = new Diagnostic(severity, file, line, message);
    if (!found.contains(diagnostic)) {
      found.add(diagnostic);
    }
  }

  public boolean hasErrors() {
    return found.stream().anyMatch(Diagnostic::isError);
  }

  /** In the order of the lines. */
  public List<Diagnostic> sorted() {
    List<Diagnostic> sorted = new ArrayList<>(found);
    Collections.sort(sorted);
    return List.copyOf(sorted);
  }
}
