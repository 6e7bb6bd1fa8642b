package io.treadle.samples.linkcheck;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A link.
 *
 * @param page where it stands; null for the command line
 * @param target the URL that it leads to, without the fragment
 * @param fragment what follows the {@code #}, as it is written; empty if there is none
 */
record Link(@Nullable URI page, URI target, String fragment) {
  /** What browsers accept in a URL and {@code java.net.URI} does not. */
  private static final Pattern UNESCAPED = Pattern.compile("[ \"<>\\\\^`{|}]");

  /**
   * Of an absolute URL of http or https, as a page has it.
   *
   * @throws URISyntaxException if it is none
   */
  static Link parse(@Nullable URI page, String url) throws URISyntaxException {
    int hash = url.indexOf('#');
    String target = hash < 0 ? url : url.substring(0, hash);
    String fragment = hash < 0 ? "" : url.substring(hash + 1);
    Matcher unescaped = UNESCAPED.matcher(target);
    URI uri = new URI(unescaped.replaceAll(c -> "%" + Integer.toHexString(c.group().charAt(0))));
    if (uri.getHost() == null) {
      throw new URISyntaxException(url, "No host");
    }
    if (uri.getRawPath().isEmpty()) {
      uri = uri.resolve("/");
    }
    return new Link(page, uri.normalize(), fragment);
  }

  /** The whole of it. */
  String url() {
    return fragment.isEmpty() ? target.toString() : target + "#" + fragment;
  }
}
