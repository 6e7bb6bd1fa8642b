package io.treadle.samples.linkcheck;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a run has found so far. It belongs to the loop's thread. */
final class Report {
  /** How many pages are named that have the same broken link. */
  private static final int MOST_NAMED = 3;

  private final Sites sites;
  private final long start = System.nanoTime();
  private int underWay;
  private int pages;
  private int links;
  private int notChecked;
  private int broken;
  private Duration slowest = Duration.ZERO;
  private String slowestName = "";

  /** What is wrong with what, to the pages that link to it. */
  private final SortedMap<String, SortedSet<String>> problems = new TreeMap<>();

  Report(Sites sites) {
    this.sites = sites;
  }

  void begun() {
    underWay++;
  }

  void ended(Visit visit) {
    underWay--;
    if (visit.took().compareTo(slowest) > 0) {
      slowest = visit.took();
      slowestName = sites.name(visit.uri());
    }
    visit.page().ifPresent(page -> read(visit, page));
  }

  private void read(Visit visit, Page page) {
    pages++;
    for (String url : page.malformed()) {
      links++;
      broken(url + ": not a URL", sites.name(visit.uri()));
    }
  }

  /** A link whose target was visited. */
  void checked(Link link, Visit visit) {
    String target = sites.name(link.target());
    String page = "the command line";
    if (link.page() != null) {
      links++;
      page = sites.name(link.page());
    }
    if (visit.problem().isPresent()) {
      broken(target + ": " + visit.problem().get(), page);
    } else if (visit.page().isPresent() && !visit.page().get().hasAnchor(link.fragment())) {
      broken(target + "#" + link.fragment() + ": the page has no such anchor", page);
    }
  }

  /** A link that leads elsewhere, or is to be skipped. */
  void notChecked(Link link) {
    links++;
    notChecked++;
  }

  private void broken(String problem, String page) {
    broken++;
    String line = problem.replaceAll("\\p{Cntrl}", "?"); // parts of it come from anywhere
    problems.computeIfAbsent(line, first -> new TreeSet<>()).add(page);
  }

  boolean hasBrokenLinks() {
    return broken > 0;
  }

  /** How far the run is, in one line. */
  String progress() {
    return number(pages)
        + " pages, "
        + number(links)
        + " links, "
        + number(broken)
        + " broken; "
        + number(underWay)
        + " under way";
  }

  /** Prints everything. */
  void print(PrintStream out) {
    problems.forEach(
        (problem, on) -> {
          out.println(problem);
          on.stream().limit(MOST_NAMED).forEach(page -> out.println("  on " + page));
          if (on.size() > MOST_NAMED) {
            out.println("  and on " + (on.size() - MOST_NAMED) + " more");
          }
        });
    if (!problems.isEmpty()) {
      out.println();
    }
    row(out, "pages", number(pages), "");
    row(
        out,
        "links",
        number(links),
        notChecked == 0 ? "" : number(notChecked) + " of them not checked");
    row(out, "broken", number(broken), "");
    row(out, "slowest", milliseconds(slowest), slowestName);
    row(out, "time", milliseconds(Duration.ofNanos(System.nanoTime() - start)), "");
  }

  private static void row(PrintStream out, String name, String value, String remark) {
    out.println("%-8s %10s  %s".formatted(name, value, remark).stripTrailing());
  }

  private static String milliseconds(Duration duration) {
    return number(duration.toMillis()) + " ms";
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
