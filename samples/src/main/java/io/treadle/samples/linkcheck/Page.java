package io.treadle.samples.linkcheck;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * What an HTML page says: where its links lead, and where links into it can lead.
 *
 * @param links those to http and https URLs, in the order of the page
 * @param malformed those that are no URLs, as they are written
 * @param anchors its ids and names
 */
record Page(List<Link> links, List<String> malformed, Set<String> anchors) {
  /** More than this is no page that anybody would read. */
  private static final int MOST_BYTES = 32 << 20;

  private static final String LINKS =
      "[href]:not(base, link[rel~=(?i)preconnect|dns-prefetch]), [src]";

  /** What is checked; jsoup makes nothing at all of what is no URL. */
  private static final Pattern HTTP = Pattern.compile("|https?:.*", Pattern.CASE_INSENSITIVE);

  /** Reads a page. This blocks while the bytes come, and computes for a while. */
  static Page read(URI uri, InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("a page of more than " + (MOST_BYTES >> 20) + " MiB");
    }
    // The encoding is the one that the page declares.
    return of(uri, Jsoup.parse(new ByteArrayInputStream(bytes), null, uri.toString()));
  }

  private static Page of(URI uri, Document document) {
    List<Link> links = new ArrayList<>();
    List<String> malformed = new ArrayList<>();
    for (Element element : document.select(LINKS)) {
      String attribute = element.hasAttr("href") ? "href" : "src";
      String url = element.absUrl(attribute);
      try {
        if (HTTP.matcher(url).matches()) {
          links.add(Link.parse(uri, url));
        }
      } catch (URISyntaxException e) {
        malformed.add(element.attr(attribute));
      }
    }
    Set<String> anchors = new HashSet<>(document.select("[id]").eachAttr("id"));
    anchors.addAll(document.select("a[name]").eachAttr("name"));
    return new Page(links, malformed, anchors);
  }

  /** True if a link with this fragment leads somewhere on the page. */
  boolean hasAnchor(String fragment) {
    int directive = fragment.indexOf(":~:"); // for the browser, as in #:~:text=treadle
    String anchor = directive < 0 ? fragment : fragment.substring(0, directive);
    return anchor.isEmpty()
        || anchor.equalsIgnoreCase("top")
        || anchors.contains(anchor)
        || anchors.contains(unescape(anchor));
  }

  private static String unescape(String anchor) {
    try {
      return URLDecoder.decode(anchor.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return anchor;
    }
  }
}
