package io.treadle.samples.linkcheck;

import static io.treadle.Treadle.sleep;

import io.treadle.Async;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Says how far a run is: on a terminal in one line that is written again and again, elsewhere in a
 * line every second.
 */
final class Progress {
  private static final String REWRITE = "\r\033[K"; // to the left edge, and clear the line

  private final Report report;
  private final PrintStream out;
  private final boolean onTerminal;

  Progress(Report report, PrintStream out, boolean onTerminal) {
    this.report = report;
    this.out = out;
    this.onTerminal = onTerminal;
  }

  /** Goes on until it is cancelled. */
  @Async
  void show() {
    Duration pause = onTerminal ? Duration.ofMillis(100) : Duration.ofSeconds(1);
    try {
      while (true) {
        sleep(pause);
        if (onTerminal) {
          out.print(REWRITE + report.progress());
          out.flush();
        } else {
          out.println(report.progress());
        }
      }
    } finally {
      if (onTerminal) {
        out.print(REWRITE);
        out.flush();
      }
    }
  }
}
