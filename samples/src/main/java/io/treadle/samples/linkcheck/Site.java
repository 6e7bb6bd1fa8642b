package io.treadle.samples.linkcheck;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A site: all that is below the last {@code /} of the URL where it starts.
 *
 * @param start leads to its first page
 * @param root the start up to its last slash
 * @param name what its users call the root
 * @param server serves it, if it is a folder
 */
record Site(Link start, String root, String name, Optional<FolderServer> server) {
  /**
   * Opens what an argument names: a URL, or a folder, for which a server is started.
   *
   * @throws IOException if it is neither, or cannot be served; the message is for the user
   */
  static Site open(String argument) throws IOException {
    return argument.matches("(?i)https?://.*") ? ofUrl(argument) : ofFolder(argument);
  }

  private static Site ofUrl(String argument) throws IOException {
    try {
      Link start = Link.parse(null, argument);
      String root = start.target().resolve(".").toString();
      return new Site(start, root, root, Optional.empty());
    } catch (URISyntaxException e) {
      throw new IOException("not a URL: " + e.getMessage(), e);
    }
  }

  private static Site ofFolder(String argument) throws IOException {
    try {
      Path folder = Path.of(argument);
      if (!Files.isDirectory(folder)) {
        throw new IOException("no such folder: " + argument);
      }
      FolderServer server = FolderServer.start(folder);
      String name = argument.endsWith("/") ? argument : argument + "/";
      return new Site(
          new Link(null, server.root(), ""), server.root().toString(), name, Optional.of(server));
    } catch (InvalidPathException e) {
      throw new IOException("neither a URL nor a folder: " + argument, e);
    }
  }

  void close() {
    server.ifPresent(FolderServer::close);
  }
}
