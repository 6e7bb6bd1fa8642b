package io.treadle.task;

import io.treadle.loop.CallbackLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads for blocking work; made when they are first needed.
 *
 * <p>From JDK 24 on they are virtual and without number. Before that, a virtual thread that blocks
 * in {@code synchronized} keeps its carrier, so a few of them can stop all others: there it is a
 * bounded pool of daemon threads, which end when they are idle.
 */
final class OffloadPool implements Executor {
  /** How many threads a pool has, where it is bounded. */
  static final int THREADS = 64;

  /** For bodies without a loop. */
  static final OffloadPool SHARED = new OffloadPool("treadle", THREADS);

  private static final int VIRTUAL_SINCE = 24;
  private static final long IDLE_SECONDS = 10;

  private final String name;
  private final int threads;

  /** Guarded by this. */
  private @Nullable ExecutorService executor;

  OffloadPool(String name, int threads) {
    this.name = name;
    this.threads = threads;
  }

  @Override
  public void execute(Runnable work) {
    executor().execute(work);
  }

  private synchronized ExecutorService executor() {
    ExecutorService made = executor;
    if (made == null) {
      made = Runtime.version().feature() >= VIRTUAL_SINCE ? virtualThreads() : pool();
      executor = made;
    }
    return made;
  }

  private ExecutorService pool() {
    AtomicInteger count = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name + "-offload-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** By name: this is compiled for JDK 17. */
  private static ExecutorService virtualThreads() {
    try {
      return (ExecutorService)
          MethodHandles.publicLookup()
              .findStatic(
                  Executors.class,
                  "newVirtualThreadPerTaskExecutor",
                  MethodType.methodType(ExecutorService.class))
              .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("this JDK has no virtual threads", e);
    }
  }

  /**
   * Waits until the work has ended; at last interrupts it. Nobody executes work any more.
   *
   * @return false if some of it goes on
   */
  boolean shutDown(Duration atMost) throws InterruptedException {
    ExecutorService made;
    synchronized (this) {
      made = executor;
    }
    if (made == null) {
      return true;
    }
    made.shutdown();
    try {
      return made.awaitTermination(CallbackLoop.nanos(atMost), TimeUnit.NANOSECONDS);
    } finally {
      made.shutdownNow();
    }
  }
}
