package io.treadle.samples.linkcheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.samples.ForkedJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The program as its users have it: a jar. */
@Timeout(60)
class LinkCheckIT {
  @Test
  void endsByItself() throws Exception {
    try (TestServer server = new TestServer()) {
      server.page("/", "<a href=#x>x</a>");

      ForkedJvm.Outcome outcome = start(server.url("/")).end();

      assertThat(outcome.out()).startsWith(server.url("/#x: the page has no such anchor"));
      assertThat(outcome.exitCode()).isEqualTo(1);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process cannot be asked to end")
  void anInterruptedRunPrintsWhatItHasFound() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (TestServer server = new TestServer()) {
      server
          .page("/", "<a href=gone>gone</a> <a href=hangs>hangs</a>")
          .handle(
              "/hangs",
              exchange -> {
                asked.countDown();
                try {
                  end.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
              });

      ForkedJvm jvm = start("--concurrency", "1", server.url("/"));
      asked.await(); // with one permit, the answer for gone is there
      jvm.interrupt();
      ForkedJvm.Outcome outcome = jvm.end();
      end.countDown();

      assertThat(outcome.err()).contains("interrupted");
      assertThat(outcome.out())
          .startsWith(server.url("/gone: HTTP status 404"))
          .containsPattern("pages +1");
      assertThat(outcome.exitCode()).isEqualTo(143);
    }
  }

  private static ForkedJvm start(String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of("-jar", System.getProperty("linkcheck.jar")));
    command.addAll(List.of(args));
    return ForkedJvm.start(command);
  }
}
