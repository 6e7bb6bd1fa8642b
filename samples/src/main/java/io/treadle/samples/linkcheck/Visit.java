package io.treadle.samples.linkcheck;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What became of asking for a URL.
 *
 * @param page what it says, if it is an HTML page of the sites
 * @param problem why there is no answer, or not the one to hope for
 * @param took how long the answer took, the time of waiting for a turn not counted
 */
record Visit(URI uri, Optional<Page> page, Optional<String> problem, Duration took) {
  static Visit answered(URI uri, Optional<Page> page, Duration took) {
    return new Visit(uri, page, Optional.empty(), took);
  }

  static Visit failed(URI uri, String problem) {
    return new Visit(uri, Optional.empty(), Optional.of(problem), Duration.ZERO);
  }
}
