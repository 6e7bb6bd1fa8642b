package io.treadle.samples.linkcheck;

import static io.treadle.Treadle.run;
import static io.treadle.Treadle.spawn;

import io.treadle.samples.linkcheck.Options.UsageException;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The program: checks the links of the sites that its command line names. */
public final class LinkCheck {
  static final int GOOD = 0;
  static final int BROKEN = 1;
  static final int BAD_USAGE = 2;
  static final int INTERRUPTED = 130; // what shells say of a program that Ctrl-C has ended

  private LinkCheck() {}

  /** Checks links; {@code --help} says how. */
  public static void main(String[] args) {
    Thread main = Thread.currentThread();
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupt(main, ended)));
    int exitCode = INTERRUPTED;
    try {
      exitCode = check(args, System.out, System.err);
    } finally {
      ended.countDown();
    }
    System.exit(exitCode);
  }

  /**
   * What Ctrl-C does: the JVM ends when its shutdown hooks have, so this one waits until the main
   * thread has printed its report. The interrupt cancels what the loop of that thread runs.
   */
  private static void interrupt(Thread main, CountDownLatch ended) {
    if (ended.getCount() == 0) { // no Ctrl-C, but the exit at the end
      return;
    }
    main.interrupt();
    try {
      ended.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs the program; returns its exit code. */
  static int check(String[] args, PrintStream out, PrintStream err) {
    Options options;
    try {
      options = Options.parse(args);
    } catch (UsageException e) {
      err.println("linkcheck: " + e.getMessage() + "; see linkcheck --help");
      return BAD_USAGE;
    }
    if (options.help()) {
      out.print(Options.USAGE);
      return GOOD;
    }
    try (Sites sites = new Sites()) {
      boolean allOpen = true;
      for (String argument : options.sites()) {
        try {
          sites.add(Site.open(argument));
        } catch (IOException e) {
          err.println("linkcheck: " + e.getMessage());
          allOpen = false;
        }
      }
      int exitCode = sites.isEmpty() ? BAD_USAGE : crawl(sites, options, out, err);
      return allOpen || exitCode == INTERRUPTED ? exitCode : BAD_USAGE;
    }
  }

  private static int crawl(Sites sites, Options options, PrintStream out, PrintStream err) {
    Report report = new Report(sites);
    Progress progress = new Progress(report, err, isTerminal());
    boolean ended = true;
    try {
      run(
          () -> {
            spawn(progress::show); // cancelled when run() ends
            new Crawl(sites, options, report).run();
          });
    } catch (CancellationException e) {
      err.println("linkcheck: interrupted; this is what was found so far");
      ended = false;
    }
    report.print(out);
    return !ended ? INTERRUPTED : report.hasBrokenLinks() ? BROKEN : GOOD;
  }

  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // before JDK 22, which has that method, every console was a terminal
    }
  }
}
