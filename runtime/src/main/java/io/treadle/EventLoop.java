package io.treadle;

import io.treadle.task.TaskLoop;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs callbacks, timers and tasks, one at a time, on one thread.
 *
 * <pre>{@code
 * try (EventLoop loop = EventLoop.open()) {
 *   loop.callLater(Duration.ofSeconds(5), () -> System.out.println("still there"));
 *   String page = loop.run(() -> await(fetch()));
 * }
 * }</pre>
 *
 * <p>{@link Treadle#run} opens a loop, runs one body and closes the loop. {@link #inThread} gives a
 * loop a thread of its own. A host that has a loop already drives this one by {@link #runOnce}.
 *
 * <p><b>Order.</b> An iteration waits if nothing is ready, adds what other threads have posted and
 * the timers that are due, and runs exactly the callbacks that are ready then, in the order in
 * which they became ready. What they add waits for the next iteration. Timers with equal deadlines
 * fire in the order in which they were made.
 *
 * <p><b>Threads.</b> While a thread runs the loop, its methods are for that thread, and throw
 * {@code IllegalStateException} on others; {@link #callSoonThreadsafe}, {@link #execute}, {@link
 * #submit}, {@link #createFuture}, {@link #stop}, {@link #time}, {@link #tasks}, {@link #dump} and
 * the questions about its state are for all threads. While none runs it, one thread at a time may
 * prepare it.
 *
 * <p><b>Failures.</b> What a callback throws goes to the {@linkplain #setExceptionHandler exception
 * handler}, and the loop goes on. A {@link VirtualMachineError} other than {@link
 * StackOverflowError} leaves the method that runs the loop; the loop can be run again.
 *
 * <p><b>Interrupts.</b> An interrupt of the thread cancels the body that {@link #run} was given, or
 * stops {@link #runForever}; the flag is set again when the method returns.
 */
public abstract class EventLoop implements Executor, AutoCloseable {
  /** For the runtime. */
  protected EventLoop() {}

  // ------------------------------------------------------------------ which loop

  /** A new loop, which no thread runs yet. */
  public static EventLoop open() {
    return open(options -> {});
  }

  /**
   * A new loop, which no thread runs yet.
   *
   * <pre>{@code
   * EventLoop loop = EventLoop.open(options -> options.name("io").offloadThreads(8));
   * }</pre>
   *
   * @param options sets the options that are not to have their defaults
   */
  public static EventLoop open(Consumer<? super Options> options) {
    return TaskLoop.open(options);
  }

  /**
   * The loop that this thread runs.
   *
   * @throws IllegalStateException if it runs none
   */
  public static EventLoop current() {
    return TaskLoop.current();
  }

  /**
   * The loop that this thread runs; else, on the main thread only, the default loop, which is made
   * when it is first asked for (and again when it was closed).
   *
   * <p>The main thread is the one named {@code main} in the thread group {@code main}; the system
   * property {@code io.treadle.mainThread} gives another name.
   *
   * @throws IllegalStateException on any other thread that runs no loop
   */
  public static EventLoop get() {
    return TaskLoop.get();
  }

  /**
   * A new loop that runs in a new daemon thread, until it is stopped or closed.
   *
   * <pre>{@code
   * try (EventLoop loop = EventLoop.inThread("worker")) {
   *   int n = loop.submit(() -> count()).get();
   * }
   * }</pre>
   *
   * @param name of the loop and of the thread
   */
  public static EventLoop inThread(String name) {
    return TaskLoop.inThread(name);
  }

  // ------------------------------------------------------------------ running

  /**
   * Runs the loop on this thread until the body has ended, which runs as a task. Other tasks stay
   * as they are when it returns; {@link #close} cancels them.
   *
   * @return the value of the body
   * @throws X what the body throws
   * @throws CancellationException if the task was cancelled
   * @throws IllegalStateException if this thread runs a loop already, this loop is closed, or was
   *     stopped before the body had ended
   */
  public abstract <T extends @Nullable Object, X extends Throwable> T run(
      AsyncCallable<? extends T, X> main) throws X;

  /**
   * {@link #run(AsyncCallable)} for a body without a value.
   *
   * @throws X what the body throws
   * @throws CancellationException if the task was cancelled
   */
  public abstract <X extends Throwable> void run(AsyncRunnable<X> main) throws X;

  /**
   * Runs the loop on this thread until {@link #stop} is called; one iteration if it was called
   * before.
   *
   * @throws IllegalStateException if this thread runs a loop already, or this loop is closed
   */
  public abstract void runForever();

  /**
   * Runs one iteration on this thread, so that a host can drive the loop.
   *
   * <pre>{@code
   * void everyFrame() {
   *   loop.runOnce(Duration.ZERO);
   * }
   * }</pre>
   *
   * @param atMost how long to wait for something to do; it may return earlier with nothing done
   * @return true if callbacks were run
   * @throws IllegalStateException if this thread runs a loop already, or this loop is closed
   */
  public abstract boolean runOnce(Duration atMost);

  /**
   * Lets {@link #run} or {@link #runForever} return after the iteration under way, or after one if
   * the loop does not run. On any thread.
   */
  public abstract void stop();

  /**
   * Ends the loop: cancels its tasks and runs it on this thread until they have cleaned up, reports
   * what has failed and was not asked for, and waits a while for offloaded work. Callbacks that are
   * left are dropped. A loop that is closed stays closed; to close it again does nothing.
   *
   * <p>A loop that {@link #inThread} has made does this in its own thread; the call waits until
   * that thread has ended.
   *
   * @throws IllegalStateException if the loop is running; for a loop of {@link #inThread}, only in
   *     its own thread, which {@link #stop} ends
   */
  @Override
  public abstract void close();

  /** True while a thread runs the loop. On any thread. */
  public abstract boolean isRunning();

  /** True once the loop is closed. On any thread. */
  public abstract boolean isClosed();

  /** The time of the loop's clock, in nanoseconds; it never goes back. On any thread. */
  public abstract long time();

  // ------------------------------------------------------------------ callbacks

  /**
   * Runs a callback in the next iteration.
   *
   * @throws IllegalStateException if the loop runs on another thread, or is closed
   */
  public abstract Handle callSoon(Runnable callback);

  /**
   * Runs a callback after a delay.
   *
   * @param delay to the nanosecond; none if it is negative
   * @throws IllegalStateException if the loop runs on another thread, or is closed
   */
  public abstract Handle callLater(Duration delay, Runnable callback);

  /**
   * Runs a callback at a time.
   *
   * @param time in nanoseconds of {@link #time}; the next iteration if it has passed
   * @throws IllegalStateException if the loop runs on another thread, or is closed
   */
  public abstract Handle callAt(long time, Runnable callback);

  /**
   * Runs a callback in the next iteration, and wakes the loop for it. On any thread; what the
   * thread did before happens before the callback. The callbacks of one thread run in the order of
   * its calls.
   *
   * @return a handle that may be used on any thread
   * @throws IllegalStateException if the loop is closed
   */
  public abstract Handle callSoonThreadsafe(Runnable callback);

  /**
   * {@link #callSoonThreadsafe}, as an {@code Executor}.
   *
   * @throws RejectedExecutionException if the loop is closed
   */
  @Override
  public abstract void execute(Runnable callback);

  // ------------------------------------------------------------------ tasks

  /**
   * Starts a task, which takes its first step in the next iteration.
   *
   * @throws IllegalStateException if the loop runs on another thread, or is closed
   */
  public abstract <T extends @Nullable Object> Task<T> spawn(AsyncCallable<? extends T, ?> body);

  /**
   * Starts a task, which takes its first step in the next iteration.
   *
   * @throws IllegalStateException if the loop runs on another thread, or is closed
   */
  public abstract Task<@Nullable Void> spawn(AsyncRunnable<?> body);

  /**
   * Starts a task. On any thread.
   *
   * @throws IllegalStateException if the loop is closed
   */
  public abstract <T extends @Nullable Object> Task<T> submit(AsyncCallable<? extends T, ?> body);

  /**
   * Starts a task. On any thread.
   *
   * @throws IllegalStateException if the loop is closed
   */
  public abstract Task<@Nullable Void> submit(AsyncRunnable<?> body);

  /** A future that is completed by hand. On any thread. */
  public abstract <T extends @Nullable Object> Deferred<T> createFuture();

  /**
   * The tasks that are not done, in the order in which they were made. On any thread: while another
   * one runs the loop, it waits for its turn there.
   */
  public abstract Set<Task<?>> tasks();

  /**
   * What {@link #tasks} are doing, for a reader: a tree of groups and their children, with where
   * each task is suspended and what it waits for. On any thread: while another one runs the loop,
   * it waits for its turn there.
   */
  public abstract String dump();

  // ------------------------------------------------------------------ failures

  /**
   * Sets what is told of failures that nobody else is told of.
   *
   * <p>The map has {@code "message"}, a {@code String}; {@code "exception"}, a {@code Throwable};
   * and, where there is one, {@code "task"}, a {@link Task}, or {@code "handle"}, a {@link Handle}.
   * The handler is called on the loop's thread, or on the one that closes the loop. What it throws
   * is logged.
   *
   * @param handler null: the default, which logs them to the {@link System.Logger} {@code
   *     io.treadle}
   */
  public abstract void setExceptionHandler(
      @Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> handler);

  // ------------------------------------------------------------------ strategies

  /** What a loop is made of. Each method returns this. */
  public interface Options {
    /** The name of the loop, for messages; {@code loop-1} and so on by default. */
    Options name(String name);

    /** The clock; that of the machine by default. */
    Options clock(Clock clock);

    /** Where the loop waits; it parks its thread by default. */
    Options poller(Poller poller);

    /**
     * The order of the callbacks in an iteration; the one in which they became ready by default.
     */
    Options readyOrder(ReadyOrder order);

    /**
     * How many threads {@link Treadle#offload} may use, 64 by default. From JDK 24 on it uses
     * virtual threads, without this limit.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    Options offloadThreads(int threads);

    /** How long {@link #close} waits for work that is still offloaded; 10 seconds by default. */
    Options offloadShutdown(Duration atMost);
  }

  /** A clock for a loop: virtual time plugs in here. */
  @FunctionalInterface
  public interface Clock {
    /** The time in nanoseconds, from any origin; it is never negative and never goes back. */
    long nanos();
  }

  /**
   * Where a loop waits while nothing is ready.
   *
   * <p>{@link #poll} and {@link #close} are called on the loop's thread, {@link #wakeUp} on any.
   */
  public interface Poller {
    /**
     * Waits. It may return at any time; the loop then looks what there is to do, and polls again.
     * It must return soon when the thread is interrupted.
     *
     * @param nanos at most, positive; {@link Long#MAX_VALUE}: without limit
     */
    void poll(long nanos);

    /** Lets the poll under way return; if none is, the next one. */
    void wakeUp();

    /** Frees what the poller holds; it is not used again. */
    void close();
  }

  /** The order of the callbacks in an iteration: seeded schedules plug in here. */
  @FunctionalInterface
  public interface ReadyOrder {
    /** Arranges the callbacks of an iteration, at least two; the first one runs first. */
    void arrange(Batch batch);

    /** The callbacks of one iteration. */
    interface Batch {
      /** How many there are. */
      int size();

      /**
       * Exchanges two of them.
       *
       * @throws IndexOutOfBoundsException if one is not from 0 to {@link #size} - 1
       */
      void swap(int i, int j);
    }
  }
}
