package io.treadle.samples.linkcheck;

import static io.treadle.Treadle.await;

import io.treadle.Async;
import io.treadle.Task;
import io.treadle.TaskGroup;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One run over some sites: visits every page, and everything that a page links to, once.
 *
 * <p>Its state belongs to the loop's thread. Thousands of tasks work on it at the same time, and
 * nothing is locked, volatile or concurrent.
 */
final class Crawl {
  private final Sites sites;
  private final Options options;
  private final Fetcher fetcher;
  private final Report report;
  private final Map<URI, Task<Visit>> visits = new HashMap<>();

  Crawl(Sites sites, Options options, Report report) {
    this.sites = sites;
    this.options = options;
    this.fetcher = new Fetcher(sites, options);
    this.report = report;
  }

  /** Runs until there is no link left to follow. */
  @Async
  void run() {
    // The group ends when its last task has: nobody needs to count what is under way.
    TaskGroup.run(group -> follow(group, sites.starts()));
  }

  /** Visits what the links lead to, all at once, and then reports them in their order. */
  @Async
  private void follow(TaskGroup group, List<Link> links) {
    for (Link link : links) {
      if (isChecked(link)) {
        visit(group, link.target());
      }
    }
    for (Link link : links) {
      if (isChecked(link)) {
        report.checked(link, await(visit(group, link.target())));
      } else {
        report.notChecked(link);
      }
    }
  }

  private boolean isChecked(Link link) {
    return (options.external() || sites.contain(link.target()))
        && !options.skip().matcher(link.url()).find();
  }

  /** The visit of a URL; it begins when it is first asked for. */
  private Task<Visit> visit(TaskGroup group, URI uri) {
    return visits.computeIfAbsent(uri, first -> group.fork(() -> fetch(group, first)));
  }

  @Async
  private Visit fetch(TaskGroup group, URI uri) {
    report.begun();
    Visit visit = fetcher.fetch(uri);
    report.ended(visit);
    // In a task of its own: the pages that link to this one wait for the visit, not for its links.
    visit.page().ifPresent(page -> group.fork(() -> follow(group, page.links())));
    return visit;
  }
}
