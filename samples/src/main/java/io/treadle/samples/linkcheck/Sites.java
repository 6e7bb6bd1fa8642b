package io.treadle.samples.linkcheck;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sites of one run. */
final class Sites implements AutoCloseable {
  private final List<Site> sites = new ArrayList<>();

  void add(Site site) {
    sites.add(site);
  }

  boolean isEmpty() {
    return sites.isEmpty();
  }

  /** Where they start. */
  List<Link> starts() {
    return sites.stream().map(Site::start).toList();
  }

  /** True for the URLs whose pages are read. */
  boolean contain(URI uri) {
    return siteOf(uri).isPresent();
  }

  /** What users call a URL: the path of a file, where a folder is served. */
  String name(URI uri) {
    return siteOf(uri)
        .map(site -> site.name() + uri.toString().substring(site.root().length()))
        .orElseGet(uri::toString);
  }

  private Optional<Site> siteOf(URI uri) {
    String url = uri.toString();
    return sites.stream().filter(site -> url.startsWith(site.root())).findFirst();
  }

  @Override
  public void close() {
    sites.forEach(Site::close);
  }
}
