package io.treadle.loop;

import io.treadle.EventLoop;
import io.treadle.Handle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The event loop below its tasks: it runs one callback at a time, on one thread.
 *
 * <p><b>An iteration</b> waits in the poller if nothing is ready; takes what other threads have
 * posted, then the timers that are due, to the ready queue; then it runs exactly the callbacks that
 * are ready at that moment. What they add waits for the next iteration, so no callback keeps timers
 * and other threads from their turn. The clock is read only while a timer is set.
 *
 * <p><b>Threads.</b> {@link #enter} gives the loop to a thread and {@link #exit} takes it back; in
 * between, everything but the methods that say so is for that thread alone. While no thread has it,
 * one thread at a time may prepare it.
 *
 * <p><b>Waking.</b> The loop sets {@link #waiting} and then looks into the inbox; another thread
 * fills the inbox and then looks at {@link #waiting}. Both are volatile, so at least one sees the
 * other. The flag is cleared by whoever wakes the loop: the posts of one sleep cost one wake-up.
 */
public final class CallbackLoop {

  /** What the layer above does. */
  public interface Listener {
    /**
     * A callback has thrown. What this method throws leaves the method that runs the loop, which
     * can be run again.
     */
    void failed(Runnable callback, Throwable failure);

    /** The thread of the loop was interrupted; its flag has been cleared. */
    void interrupted();
  }

  private static final VarHandle OWNER;
  private static final VarHandle WAITING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OWNER = lookup.findVarHandle(CallbackLoop.class, "owner", Thread.class);
      WAITING = lookup.findVarHandle(CallbackLoop.class, "waiting", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Timers timers = new Timers();
  private final ReadyQueue ready = new ReadyQueue();
  private final Inbox inbox = new Inbox();

  private final EventLoop.Clock clock;
  private final EventLoop.Poller poller;

  /** Null: the order in which they became ready. */
  private final EventLoop.@Nullable ReadyOrder order;

  private final Listener listener;

  /** The thread that runs the loop; null while none does. */
  private volatile @Nullable Thread owner;

  /**
   * True from before the loop looks whether it may wait, until it is awake or somebody wakes it.
   */
  private volatile boolean waiting;

  private volatile boolean stopping;
  private volatile boolean closed;

  /**
   * Makes a loop.
   *
   * @param order null for the order in which callbacks became ready
   */
  public CallbackLoop(
      EventLoop.Clock clock,
      EventLoop.Poller poller,
      EventLoop.@Nullable ReadyOrder order,
      Listener listener) {
    this.clock = clock;
    this.poller = poller;
    this.order = order;
    this.listener = listener;
  }

  // ------------------------------------------------------------------ running

  /**
   * Gives the loop to this thread.
   *
   * @throws IllegalStateException if it is closed, or a thread has it
   */
  public void enter() {
    requireOpen();
    Thread thread = Thread.currentThread();
    if (!OWNER.compareAndSet(this, null, thread)) {
      Thread other = owner;
      throw new IllegalStateException(
          other == thread
              ? "the event loop is running already; a callback cannot run it again"
              : "the event loop is running on another thread"
                  + (other == null ? "" : ", \"" + other.getName() + "\""));
    }
  }

  /** Takes the loop from this thread. */
  public void exit() {
    owner = null;
  }

  /** Runs iterations until {@link #stop} is called; one, if it has been called before. */
  public void runUntilStopped() {
    try {
      do {
        iterate(Long.MAX_VALUE);
      } while (!stopping);
    } finally {
      stopping = false;
    }
  }

  /**
   * Runs one iteration.
   *
   * @param atMost how long to wait for something to do, in nanoseconds; {@link Long#MAX_VALUE}:
   *     without limit
   * @return true if there were callbacks to run
   */
  public boolean runOnce(long atMost) {
    try {
      return iterate(atMost);
    } finally {
      stopping = false;
    }
  }

  private boolean iterate(long atMost) {
    inbox.drainTo(ready);
    tellInterrupt();
    if (ready.isEmpty() && !stopping) {
      poll(atMost);
      tellInterrupt();
      inbox.drainTo(ready);
    }
    if (timers.first() != null) {
      timers.expire(clock.nanos(), ready);
    }
    int batch = ready.size();
    if (order != null && batch > 1) {
      order.arrange(ready);
    }
    for (int left = batch; left > 0; left--) {
      run(ready.take());
    }
    return batch > 0;
  }

  private void tellInterrupt() {
    if (Thread.interrupted()) {
      listener.interrupted();
    }
  }

  private void run(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable failure) {
      listener.failed(callback, failure);
    }
  }

  private void poll(long atMost) {
    long nanos = atMost;
    Timer first = timers.first();
    if (first != null) {
      nanos = Math.min(nanos, first.deadline() - clock.nanos());
    }
    if (nanos <= 0) {
      return;
    }
    waiting = true;
    if (inbox.isEmpty() && !stopping) {
      poller.poll(nanos);
    }
    waiting = false;
  }

  /** Lets the loop return after the iteration under way, or the next. On any thread. */
  public void stop() {
    stopping = true;
    wakeUp();
  }

  private void wakeUp() {
    if (waiting && WAITING.compareAndSet(this, true, false)) {
      poller.wakeUp();
    }
  }

  /**
   * Closes the loop: it cannot run again, and takes nothing more. Callbacks with handles are
   * dropped. The others are run, for threads may wait for what they do: they complete futures, or
   * were given to the loop as to any executor.
   */
  public void close() {
    closed = true;
    inbox.closeInto(ready);
    timers.clear();
    while (!ready.isEmpty()) {
      Runnable callback = ready.take();
      if (!(callback instanceof Handle)) {
        run(callback);
      }
    }
    poller.close();
  }

  /** True while a thread has the loop. On any thread. */
  public boolean isRunning() {
    return owner != null;
  }

  /** True once the loop is closed. On any thread. */
  public boolean isClosed() {
    return closed;
  }

  /** True on the thread that has the loop. On any thread. */
  public boolean inLoop() {
    return owner == Thread.currentThread();
  }

  /**
   * Checks that this thread may use the loop: it runs it, or no thread does.
   *
   * @param what for the message: what was to be done
   */
  public void requireThread(String what) {
    Thread now = owner;
    if (now != null && now != Thread.currentThread()) {
      throw new IllegalStateException(
          "cannot "
              + what
              + " on thread \""
              + Thread.currentThread().getName()
              + "\": the event loop runs on \""
              + now.getName()
              + "\"; other threads use callSoonThreadsafe, execute and submit");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the event loop is closed");
    }
  }

  // ------------------------------------------------------------------ callbacks

  /** Runs a callback in the next iteration. Neither checked nor cancelled: for the layer above. */
  public void ready(Runnable callback) {
    if (!inbox.isEmpty()) {
      // A thread has posted, and then caused this call: its callback comes first.
      inbox.drainTo(ready);
    }
    ready.add(callback);
  }

  /** Runs a callback in the next iteration. On any thread; false if the loop is closed. */
  public boolean post(Runnable callback) {
    if (inLoop()) {
      if (closed) {
        return false;
      }
      ready(callback);
      return true;
    }
    if (!inbox.push(callback)) {
      return false;
    }
    wakeUp();
    return true;
  }

  /** {@link EventLoop#callSoon}. */
  public Handle callSoon(Runnable callback) {
    requireThread("call callSoon");
    requireOpen();
    Callback handle = new Callback(callback);
    ready(handle);
    return handle;
  }

  /** {@link EventLoop#callSoonThreadsafe}. */
  public Handle callSoonThreadsafe(Runnable callback) {
    PostedCallback handle = new PostedCallback(callback);
    if (!post(handle)) {
      requireOpen();
    }
    return handle;
  }

  /** {@link EventLoop#callLater}. */
  public Handle callLater(Duration delay, Runnable callback) {
    return callAt(deadline(delay), callback);
  }

  /** {@link EventLoop#callAt}. */
  public Handle callAt(long time, Runnable callback) {
    requireThread("set a timer");
    requireOpen();
    Timer timer = new CallbackTimer(this, time, callback);
    timer.start();
    return timer;
  }

  /** The nanoseconds of the clock. On any thread. */
  public long time() {
    return clock.nanos();
  }

  /** The time after a delay, in nanoseconds of the clock; saturated. */
  public long deadline(Duration delay) {
    long now = clock.nanos();
    long nanos = nanos(delay);
    return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
  }

  /** A duration in nanoseconds, none if it is negative; saturated. */
  public static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) { // more than 292 years
      return Long.MAX_VALUE;
    }
  }
}
