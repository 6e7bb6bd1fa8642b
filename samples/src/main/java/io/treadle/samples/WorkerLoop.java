package io.treadle.samples;

import static io.treadle.Treadle.gather;
import static io.treadle.Treadle.sleep;

import io.treadle.Async;
import io.treadle.EventLoop;
import io.treadle.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A main thread that blocks, as that of a web framework, a GUI or a test does, and a loop in a
 * thread of its own, to which it hands the work that is better done concurrently.
 */
public final class WorkerLoop {
  private WorkerLoop() {}

  /** Answers two requests, one after the other. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    try (EventLoop loop = EventLoop.inThread("worker")) {
      for (String user : List.of("ada", "grace")) {
        // To submit is the way into the loop from any other thread; get() is the way back.
        Task<String> page = loop.submit(() -> page(user));
        System.out.println(page.get());
      }
    } // closing the loop ends its thread
  }

  // Runs on the loop's thread; the queries run at the same time.
  @Async
  private static String page(String user) {
    List<String> parts = gather(() -> query("name", user), () -> query("mail", user));
    return String.join(", ", parts) + " (thread " + Thread.currentThread().getName() + ")";
  }

  @Async
  private static String query(String column, String user) {
    sleep(Duration.ofMillis(50)); // a database
    return column + " of " + user;
  }
}
