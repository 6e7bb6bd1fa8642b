package io.treadle.samples.linkcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderServerTest {
  @TempDir private Path parent;
  private FolderServer server;

  @BeforeEach
  void start() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("folder"));
    Files.writeString(parent.resolve("secret.html"), "secret");
    Files.writeString(folder.resolve("a b.html"), "text");
    Files.createDirectory(folder.resolve("sub"));
    Files.createDirectory(folder.resolve("full"));
    Files.writeString(folder.resolve("full/index.html"), "index");
    server = FolderServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "a%20b.html, 200, text",
    "full/, 200, index",
    "full, 301, ''",
    "sub/, 404, ''",
    "no.html, 404, ''",
    "a%20b.html/x, 404, ''",
    "../secret.html, 404, ''",
    "%2e%2e/secret.html, 404, ''",
    "..%2Fsecret.html, 404, ''",
    "a%00b, 404, ''",
  })
  void answers(String path, int status, String text) throws Exception {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).isEqualTo(text);
  }

  @Test
  void saysWhatIsHtml() throws Exception {
    assertThat(get("a%20b.html").headers().firstValue("Content-Type")).hasValue("text/html");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create(server.root() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
