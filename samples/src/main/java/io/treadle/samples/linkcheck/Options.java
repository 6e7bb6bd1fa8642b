package io.treadle.samples.linkcheck;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param sites URLs and folders
 * @param concurrency how many requests are under way at once
 * @param timeout for each request
 * @param retries of a request that has failed for a reason that may pass
 * @param external check links that lead out of the sites, too
 * @param skip leave out links to URLs in which this is found
 * @param help say how the program is used, and nothing else
 */
record Options(
    List<String> sites,
    int concurrency,
    Duration timeout,
    int retries,
    boolean external,
    Pattern skip,
    boolean help) {

  private static final Pattern NOTHING = Pattern.compile("(?!)");

  static final String USAGE =
      """
      Usage: linkcheck [OPTION]... SITE...
      Checks the links of web sites. A SITE is a URL, or a folder with the files of a site;
      its pages are those below the last / of its URL.

        --concurrency N  requests that are under way at once (16)
        --timeout S      seconds for each request (10)
        --retries N      how often to ask again when a request has failed (2)
        --external       check links that lead out of the sites, too
        --skip REGEX     leave out links to URLs in which REGEX is found
        --help           print this text

      The exit code is 0 if every link is good, 1 if one is broken, 2 if the command line is wrong.
      """;

  /** Parses a command line. */
  static Options parse(String... args) throws UsageException {
    List<String> sites = new ArrayList<>();
    int concurrency = 16;
    Duration timeout = Duration.ofSeconds(10);
    int retries = 2;
    boolean external = false;
    Pattern skip = NOTHING;
    boolean help = false;

    Queue<String> left = new ArrayDeque<>(List.of(args));
    while (!left.isEmpty()) {
      String arg = left.remove();
      switch (arg) {
        case "--concurrency" -> concurrency = number(arg, left.poll(), 1, 1000);
        case "--timeout" -> timeout = Duration.ofSeconds(number(arg, left.poll(), 1, 3600));
        case "--retries" -> retries = number(arg, left.poll(), 0, 10);
        case "--external" -> external = true;
        case "--skip" -> skip = pattern(arg, left.poll());
        case "--help" -> help = true;
        default -> {
          if (arg.startsWith("-")) {
            throw new UsageException("unknown option " + arg);
          }
          sites.add(arg);
        }
      }
    }
    if (sites.isEmpty() && !help) {
      throw new UsageException("no site");
    }
    return new Options(sites, concurrency, timeout, retries, external, skip, help);
  }

  private static int number(String option, @Nullable String text, int least, int most)
      throws UsageException {
    try {
      int number = Integer.parseInt(String.valueOf(text));
      if (least <= number && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same message
    }
    throw new UsageException(
        "%s needs a whole number from %d to %d%s"
            .formatted(option, least, most, text == null ? "" : ", not " + text));
  }

  private static Pattern pattern(String option, @Nullable String text) throws UsageException {
    if (text == null) {
      throw new UsageException(option + " needs a regular expression");
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new UsageException(
          "%s needs a regular expression: %s".formatted(option, e.getDescription()));
    }
  }

  /** A command line that makes no sense; the message says why. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }
}
