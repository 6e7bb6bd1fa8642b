package io.treadle.samples.linkcheck;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.offload;
import static io.treadle.Treadle.sleep;
import static io.treadle.Treadle.withTimeout;

import io.treadle.Async;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Asks for URLs: not too many at once, not for too long, and again where that may help. */
final class Fetcher {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final int MOST_REDIRECTS = 10;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

  private static final Pattern HTML =
      Pattern.compile("text/html|application/xhtml\\+xml", Pattern.CASE_INSENSITIVE);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Sites sites;
  private final Options options;
  private final Permits permits;

  Fetcher(Sites sites, Options options) {
    this.sites = sites;
    this.options = options;
    this.permits = new Permits(options.concurrency());
  }

  /** Asks for a URL until there is an answer, or no hope. */
  @Async
  Visit fetch(URI uri) {
    Duration pause = FIRST_PAUSE;
    for (int retriesLeft = options.retries(); ; retriesLeft--) {
      Exception failure;
      try {
        return attempt(uri);
      } catch (Exception e) { // a cancellation is an Error, and goes on its way
        failure = e;
      }
      if (retriesLeft == 0 || !mayPass(failure)) {
        return Visit.failed(uri, describe(failure));
      }
      sleep(pause); // without a permit: others can have their turn
      pause = pause.multipliedBy(2);
    }
  }

  @Async
  private Visit attempt(URI uri) throws IOException, TimeoutException {
    permits.acquire();
    try {
      long start = System.nanoTime();
      Optional<Page> page = withTimeout(options.timeout(), () -> get(uri));
      return Visit.answered(uri, page, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      permits.release();
    }
  }

  /** Follows redirects here, not in the client, so that they do not lead out of the sites. */
  @Async
  private Optional<Page> get(URI uri) throws IOException {
    URI at = uri;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpRequest request =
          HttpRequest.newBuilder(at).header("User-Agent", "treadle-linkcheck").build();
      HttpResponse<InputStream> response =
          await(http.sendAsync(request, BodyHandlers.ofInputStream()), IOException.class);
      try (InputStream body = response.body()) { // unread, it is not even transferred
        if (!REDIRECTS.contains(response.statusCode())) {
          return read(at, response, body);
        }
        at = at.resolve(location(response));
      }
      if (!options.external() && !sites.contain(at)) {
        return Optional.empty();
      }
    }
    throw new BadAnswerException("more than " + MOST_REDIRECTS + " redirects", false);
  }

  private static String location(HttpResponse<?> response) throws IOException {
    return response
        .headers()
        .firstValue("Location")
        .orElseThrow(() -> new BadAnswerException("a redirect that does not say where to", false));
  }

  @Async
  private Optional<Page> read(URI uri, HttpResponse<?> response, InputStream body)
      throws IOException {
    int status = response.statusCode();
    if (status / 100 != 2) {
      throw new BadAnswerException("HTTP status " + status, PASSING.contains(status));
    }
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (!HTML.matcher(type).lookingAt() || !sites.contain(uri)) {
      return Optional.empty();
    }
    // To read blocks, and to parse takes milliseconds: the loop has better things to do.
    return Optional.of(offload(() -> Page.read(uri, body)));
  }

  private static boolean mayPass(Exception failure) {
    return failure instanceof BadAnswerException answer
        ? answer.mayPass
        : failure instanceof IOException || failure instanceof TimeoutException;
  }

  private String describe(Exception failure) {
    if (failure instanceof TimeoutException) {
      return "no answer within " + options.timeout().toSeconds() + " s";
    }
    if (failure instanceof ConnectException) { // its own message is mostly null
      return failure.getCause() instanceof UnresolvedAddressException
          ? "unknown host"
          : "cannot connect";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** A server has answered, and not as one would like. */
  private static final class BadAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean mayPass;

    BadAnswerException(String message, boolean mayPass) {
      super(message);
      this.mayPass = mayPass;
    }
  }
}
