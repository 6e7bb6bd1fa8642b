package io.treadle.samples.linkcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of the program, in this JVM. */
@Timeout(60)
class LinkCheckTest {
  private TestServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new TestServer();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  // ------------------------------------------------------------------ good sites

  @Test
  void goodLinks() {
    server
        .page(
            "/",
            """
            <link rel=stylesheet href=style.css><link rel=preconnect href=//elsewhere.invalid>
            <a href="a.html">a</a> <a href='a.html#id'>a</a> <img src=picture.png>
            <a href="mailto:x@y.z">mail</a> <a href="javascript:f({})">script</a>
            """)
        .page("/a.html", "<h1 id=id>A</h1> <a href=/>home</a> <a href=''>this page</a>")
        .handle("/style.css", exchange -> exchange.sendResponseHeaders(200, -1))
        .handle("/picture.png", exchange -> exchange.sendResponseHeaders(200, -1));

    Run run = Run.of(server.url("/"));

    assertThat(run.out()).containsSubsequence("pages 2", "links 6", "broken 0");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void fragments() {
    server.page(
        "/",
        """
        <p id=plain><p id="f(int[])"><a name=old></a><p id="a+b"><p id="100%">
        <a href=#plain>1</a> <a href=#f(int%5B%5D)>2</a> <a href="#f(int[])">3</a> <a href=#old>4</a>
        <a href=#a+b>5</a> <a href=#100%>6</a> <a href=#>7</a> <a href=#TOP>8</a>
        <a href=#:~:text=plain>9</a> <a href=#plain:~:text=plain>10</a> <a href=#gone>11</a>
        """);

    Run run = Run.of(server.url("/"));

    assertThat(run.out()).contains(server.url("/#gone: the page has no such anchor"));
    assertThat(run.out()).containsSubsequence("links 11", "broken 1");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void urlsThatBrowsersAccept() {
    server
        .page(
            "/d/",
            "<a href='a b.html'>1</a> <a href='?q=1|2'>2</a> <a href=' ../d/./x.html '>3</a>")
        .page("/d/a%20b.html", "")
        .page("/d/?q=1%7c2", "")
        .page("/d/x.html", "");

    Run run = Run.of(server.url("/d/"));

    assertThat(run.out()).containsSubsequence("pages 4", "links 3", "broken 0");
  }

  @Test
  void aThousandPagesThatLinkToEachOther() {
    int pages = 1000;
    for (int i = 0; i < pages; i++) {
      int page = i;
      server.page(
          "/" + i,
          IntStream.rangeClosed(1, 20)
              .mapToObj(step -> "<a href=/%d>next</a>".formatted((page + step) % pages))
              .collect(Collectors.joining()));
    }

    Run run = Run.of(server.url("/0"));

    assertThat(run.out()).containsSubsequence("pages 1,000", "links 20,000", "broken 0");
    assertThat(IntStream.range(0, pages).map(i -> server.requests("/" + i))).containsOnly(1);
  }

  @Test
  void aFolder(@TempDir Path folder) throws IOException {
    Path sub = Files.createDirectory(folder.resolve("sub folder"));
    Files.writeString(
        folder.resolve("index.html"), "<a href='sub folder'>sub</a> <a href=empty>e</a>");
    Files.writeString(sub.resolve("index.html"), "<a href=..>up</a> <a href=no.html>no</a>");
    Files.createFile(folder.resolve("empty"));

    Run run = Run.of(folder.toString());

    assertThat(run.out())
        .containsSubsequence(
            folder + "/sub%20folder/no.html: HTTP status 404",
            "on " + folder + "/sub%20folder",
            "links 4",
            "broken 1");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void linksThatLeadElsewhereAreCounted() {
    server.page("/site/", "<a href=/other/>1</a> <a href=http://elsewhere.invalid/>2</a>");

    Run run = Run.of(server.url("/site/"));

    assertThat(run.out()).contains("links 2 2 of them not checked");
    assertThat(server.requests("/other/")).isZero();
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void linksThatLeadElsewhereAreCheckedIfAsked() {
    server
        .page("/site/", "<a href=/other/#no>1</a> <a href=/gone>2</a>")
        .page("/other/", "<a href=/not-to-be-asked-for>3</a>");

    Run run = Run.of("--external", server.url("/site/"));

    assertThat(run.out())
        .containsSubsequence(
            server.url("/gone: HTTP status 404"), "pages 1", "links 2", "broken 1");
    assertThat(server.requests("/not-to-be-asked-for")).isZero();
  }

  @Test
  void linksAreSkippedIfAsked() {
    server.page("/", "<a href=gone.html>1</a> <a href=#gone>2</a> <a href=a.html>3</a>");
    server.page("/a.html", "");

    Run run = Run.of("--skip", "/gone|#g.*e$", server.url("/"));

    assertThat(run.out())
        .containsSubsequence("pages 2", "links 3 2 of them not checked", "broken 0");
    assertThat(run.exitCode()).isZero();
  }

  // ------------------------------------------------------------------ broken sites

  @Test
  void aBrokenLinkIsReportedOnceWithItsPages() {
    server.page(
        "/", "<a href=1>1</a> <a href=2>2</a> <a href=3>3</a> <a href=4>4</a> <a href=5>5</a>");
    for (int i = 1; i <= 5; i++) {
      server.page("/" + i, "<a href=gone>gone</a>");
    }

    Run run = Run.of(server.url("/"));

    assertThat(run.out())
        .startsWith(
            String.join(
                " ",
                server.url("/gone: HTTP status 404"),
                "on " + server.url("/1"),
                "on " + server.url("/2"),
                "on " + server.url("/3"),
                "and on 2 more"));
    assertThat(run.out()).containsSubsequence("links 10", "broken 5");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(server.requests("/gone")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://[bad/", "http://a b/", "x%zz.html"})
  void aMalformedUrlIsABrokenLink(String url) {
    server.page("/", "<a href='%s'>bad</a> <a href=good.html>good</a>".formatted(url));
    server.page("/good.html", "");

    Run run = Run.of("--external", server.url("/"));

    assertThat(run.out()).startsWith(url).containsSubsequence("pages 2", "links 2", "broken 1");
  }

  @Test
  void noPageWritesToTheTerminal() {
    server.page("/", "<a href='http://[\33[2J\r\n'>bad</a>");

    Run run = Run.of(server.url("/"));

    assertThat(run.out()).startsWith("http://[?[2J??: not a URL on " + server.url("/"));
  }

  @Test
  void redirects() {
    server
        .redirect("/", "/docs/")
        .page(
            "/docs/", "<a href=a.html>the URL after the redirect counts</a> <a href=/loop>loop</a>")
        .page("/docs/a.html", "<a href=/nowhere>nowhere</a>")
        .redirect("/loop", "/pool")
        .redirect("/pool", "/loop")
        .status("/nowhere", 302);

    Run run = Run.of(server.url("/"));

    assertThat(run.out())
        .containsSubsequence(
            server.url("/loop: more than 10 redirects"),
            server.url("/nowhere: a redirect that does not say where to"),
            "pages 2",
            "broken 2");
    assertThat(server.requests("/nowhere")).isEqualTo(1);
  }

  @Test
  void aRedirectOutOfTheSiteIsNotFollowed() {
    server.page("/site/", "<a href=away>away</a>").redirect("/site/away", "/other");

    Run run = Run.of(server.url("/site/"));

    assertThat(run.exitCode()).isZero();
    assertThat(server.requests("/other")).isZero();
  }

  @Test
  void aPortThatRefuses() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    Run run = Run.of("--retries", "0", "http://127.0.0.1:" + port, server.url("/"));

    assertThat(run.out())
        .containsSubsequence(
            "http://127.0.0.1:" + port + "/: cannot connect", "on the command line", "broken 2");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void aHostThatIsNotThere() {
    Run run = Run.of("--retries", "0", "http://no-such-host.invalid/");

    assertThat(run.out()).startsWith("http://no-such-host.invalid/: unknown host");
  }

  @Test
  void aServerThatHangs() {
    CountDownLatch end = new CountDownLatch(1);
    server
        .page("/", "<a href=hangs>1</a> <a href=stops>2</a> <a href=good>3</a>")
        .handle("/hangs", exchange -> await(end))
        .handle(
            "/stops",
            exchange -> {
              exchange.getResponseHeaders().set("Content-Type", "text/html");
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write(" ".repeat(10_000).getBytes(StandardCharsets.UTF_8));
              exchange.getResponseBody().flush();
              await(end);
            })
        .page("/good", "");

    Run run = Run.of("--timeout", "1", "--retries", "0", server.url("/"));
    end.countDown();

    assertThat(run.out())
        .containsSubsequence(
            server.url("/hangs: no answer within 1 s"),
            server.url("/stops: no answer within 1 s"),
            "pages 2",
            "links 3",
            "broken 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nshort",
        "HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n"
      })
  void aServerThatAnswersGarbage(String garbage) throws Exception {
    try (GarbageServer bad = new GarbageServer(garbage)) {
      Run run = Run.of("--retries", "1", bad.url(), server.url("/"));

      assertThat(run.out()).containsPattern(bad.url() + ": \\S").contains("broken 2");
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void aPageWithoutEnd() {
    server.handle(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, 0);
          byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
          while (true) {
            exchange.getResponseBody().write(spaces);
          }
        });

    Run run = Run.of("--retries", "0", server.url("/"));

    assertThat(run.out()).startsWith(server.url("/: a page of more than 32 MiB"));
  }

  @Test
  void aPageThatIsNoHtml() {
    StringBuilder noise = new StringBuilder("<a href=x <<<</\0&#xFFFFFFFF;<b><table><svg><!--");
    new Random(1).ints(100_000, 1, 0x300).forEach(c -> noise.append((char) c));
    server.page("/", noise.toString());

    Run run = Run.of("--retries", "0", server.url("/"));

    assertThat(run.out()).contains("pages 1");
  }

  // ------------------------------------------------------------------ retries and limits

  @Test
  void whatMayPassIsAskedForAgain() {
    AtomicInteger requests = new AtomicInteger();
    server.handle(
        "/", exchange -> TestServer.send(exchange, requests.incrementAndGet() < 3 ? 503 : 200, ""));

    Run run = Run.of("--retries", "2", server.url("/"));

    assertThat(run.exitCode()).isZero();
    assertThat(requests).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource({"503, 1, 2", "503, 0, 1", "429, 1, 2", "404, 5, 1", "403, 5, 1"})
  void whatStaysBrokenIsNotAskedForForEver(int status, int retries, int requests) {
    server.status("/", status);

    Run run = Run.of("--retries", "" + retries, server.url("/"));

    assertThat(run.out()).startsWith(server.url("/: HTTP status " + status));
    assertThat(server.requests("/")).isEqualTo(requests);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 50})
  void requestsUnderWay(int concurrency) {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(concurrency);
    StringBuilder links = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      links.append("<a href=/").append(i).append(">x</a>");
      server.handle(
          "/" + i,
          exchange -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            full.countDown();
            await(full); // ends if so many requests are under way at once
            underWay.decrementAndGet(); // before the client can know
            TestServer.send(exchange, 200, "");
          });
    }
    server.page("/", links.toString());

    Run run = Run.of("--concurrency", "" + concurrency, server.url("/"));

    assertThat(run.out()).contains("pages 101");
    assertThat(most).hasValue(concurrency);
  }

  @Test
  void progress() {
    CountDownLatch printed = new CountDownLatch(1);
    server
        .page("/", "<a href=slow>slow</a>")
        .handle(
            "/slow",
            exchange -> {
              await(printed);
              TestServer.send(exchange, 200, "");
            });
    ByteArrayOutputStream err =
        new ByteArrayOutputStream() {
          @Override
          public void write(byte[] bytes, int start, int length) {
            super.write(bytes, start, length);
            printed.countDown();
          }
        };

    Run run = Run.of(new PrintStream(err, true), server.url("/"));

    assertThat(run.exitCode()).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .contains("1 pages, 0 links, 0 broken; 1 under way");
  }

  // ------------------------------------------------------------------ command lines

  @ParameterizedTest
  @CsvSource({
    "'', no site",
    "--external, no site",
    "--extrenal x, unknown option --extrenal",
    "x --timeout, --timeout needs a whole number from 1 to 3600",
    "x --timeout soon, '--timeout needs a whole number from 1 to 3600, not soon'",
    "x --concurrency 0, '--concurrency needs a whole number from 1 to 1000, not 0'",
    "x --skip, --skip needs a regular expression",
    "x --skip (, --skip needs a regular expression: Unclosed group",
    "x --retries -1, '--retries needs a whole number from 0 to 10, not -1'",
  })
  void badOptions(String commandLine, String message) {
    Run run = Run.of(commandLine.isEmpty() ? new String[0] : commandLine.split(" "));

    assertThat(run.err()).isEqualTo("linkcheck: " + message + "; see linkcheck --help");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "no/such/folder, no such folder: no/such/folder",
    "pom.xml, no such folder: pom.xml",
    "ftp://example.org, no such folder: ftp://example.org",
    "http://[, not a URL: Expected closing bracket for IPv6 address at index 8: http://[",
    "http:///x, not a URL: No host: http:///x",
  })
  void aBadSiteDoesNotStopTheOthers(String site, String message) {
    server.page("/", "");

    Run run = Run.of(site, server.url("/"));

    assertThat(run.err()).startsWith("linkcheck: " + message).hasLineCount(1);
    assertThat(run.out()).contains("pages 1");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void help() {
    Run run = Run.of("--help");

    assertThat(run.out()).startsWith("Usage: linkcheck").contains("--external");
    assertThat(run.exitCode()).isZero();
  }

  // ------------------------------------------------------------------

  /** One run; runs of spaces and ends of lines in the output are one space each. */
  private record Run(int exitCode, String out, String err) {
    static Run of(String... args) {
      return of(null, args);
    }

    static Run of(PrintStream errors, String... args) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int exitCode =
          LinkCheck.check(
              args,
              new PrintStream(out, true, StandardCharsets.UTF_8),
              errors != null ? errors : new PrintStream(err, true, StandardCharsets.UTF_8));
      return new Run(exitCode, squeeze(out), squeeze(err));
    }

    private static String squeeze(ByteArrayOutputStream printed) {
      return printed.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " ").strip();
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
