package io.treadle.samples.linkcheck;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the files of a folder to this computer, as any web server would. */
final class FolderServer implements AutoCloseable {
  private final Path folder;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newFixedThreadPool(4);

  private FolderServer(Path folder) throws IOException {
    this.folder = folder.toAbsolutePath().normalize();
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext("/", this::answer);
  }

  static FolderServer start(Path folder) throws IOException {
    FolderServer server = new FolderServer(folder);
    server.server.start();
    return server;
  }

  /** The URL of the folder. */
  URI root() {
    InetSocketAddress address = server.getAddress();
    return URI.create(
        "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      Optional<Path> found = find(uri.getPath());
      if (found.isEmpty()) {
        exchange.sendResponseHeaders(404, -1);
      } else if (Files.isDirectory(found.get())) {
        exchange.getResponseHeaders().set("Location", uri.getRawPath() + "/");
        exchange.sendResponseHeaders(301, -1);
      } else {
        send(exchange, found.get());
      }
    }
  }

  /**
   * The file in the folder, if there is one; a folder only if the path lacks a slash at its end.
   */
  private Optional<Path> find(String path) {
    try {
      Path file = folder.resolve(path.substring(1)).normalize();
      if (path.endsWith("/")) {
        file = file.resolve("index.html");
      }
      return Optional.of(file).filter(f -> f.startsWith(folder) && Files.exists(f));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static void send(HttpExchange exchange, Path file) throws IOException {
    String type = URLConnection.guessContentTypeFromName(file.toString());
    if (type != null) {
      exchange.getResponseHeaders().set("Content-Type", type);
    }
    byte[] content = Files.readAllBytes(file);
    // A length of 0 would mean "not known".
    exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(content);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
