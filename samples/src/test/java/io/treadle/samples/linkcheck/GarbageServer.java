package io.treadle.samples.linkcheck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that answers every request with the same bytes and hangs up. */
final class GarbageServer implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
  private final byte[] answer;
  private final Thread thread = new Thread(this::answerAll);

  GarbageServer(String answer) throws IOException {
    this.answer = answer.getBytes(StandardCharsets.UTF_8);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/";
  }

  private void answerAll() {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        if (connection.getInputStream().read(new byte[10_000]) > 0) {
          connection.getOutputStream().write(answer);
        }
      } catch (IOException e) {
        // the client has hung up, or this server is closed
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
