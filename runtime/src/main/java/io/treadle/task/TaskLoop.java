package io.treadle.task;

import io.treadle.AsyncCallable;
import io.treadle.AsyncRunnable;
import io.treadle.Deferred;
import io.treadle.EventLoop;
import io.treadle.Handle;
import io.treadle.Task;
import io.treadle.loop.CallbackLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The event loop with tasks: the callback loop, and which tasks it has. */
public final class TaskLoop extends EventLoop {
  private static final System.Logger LOGGER = System.getLogger("io.treadle");

  /** The loop that a thread runs. */
  private static final ThreadLocal<@Nullable TaskLoop> RUNNING = new ThreadLocal<>();

  private static final String MAIN_THREAD = "io.treadle.mainThread";

  final CallbackLoop callbacks;
  private final String name;
  private final OffloadPool offloadPool;
  private final Duration offloadShutdown;

  /** The task that takes its step; null in a plain callback. */
  @Nullable LoopTask<?> current;

  /** The tasks that are not done, in the order in which they were made. */
  private @Nullable LoopTask<?> first;

  private @Nullable LoopTask<?> last;

  /** How many tasks there have been. */
  private int taskCount;

  /** Counts what must be told apart by time: entering scopes, and requests. */
  private long moment;

  /** The failures that nobody has asked for; those that somebody has are removed now and then. */
  private final List<UnreadFailure> unread = new ArrayList<>();

  private int unreadLimit = 16;

  private volatile @Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> handler;

  /** The task that an interrupt of the thread cancels. */
  private @Nullable LoopTask<?> main;

  /** True once the loop begins to close: an interrupt then only cuts the waiting short. */
  private boolean closing;

  /** True if the thread was interrupted while it ran the loop. */
  private boolean interrupted;

  /** True while a body without a loop runs on the thread of this one. */
  private boolean hidden;

  /** The thread that {@link #inThread} made for this loop. */
  private volatile @Nullable Thread thread;

  private TaskLoop(LoopOptions options) {
    name = options.name();
    offloadPool = new OffloadPool(name, options.offloadThreads);
    offloadShutdown = options.offloadShutdown;
    callbacks =
        new CallbackLoop(
            options.clock,
            options.poller,
            options.order,
            new CallbackLoop.Listener() {
              @Override
              public void failed(Runnable callback, Throwable failure) {
                callbackFailed(callback, failure);
              }

              @Override
              public void interrupted() {
                threadInterrupted();
              }
            });
  }

  // ------------------------------------------------------------------ which loop

  /** {@link EventLoop#open(Consumer)}. */
  public static TaskLoop open(Consumer<? super Options> options) {
    LoopOptions chosen = new LoopOptions();
    options.accept(chosen);
    return new TaskLoop(chosen);
  }

  /** The loop that this thread runs, if the code that asks may know of it. */
  static @Nullable TaskLoop running() {
    TaskLoop loop = RUNNING.get();
    return loop == null || loop.hidden ? null : loop;
  }

  /** {@link EventLoop#current}. */
  public static TaskLoop current() {
    TaskLoop loop = running();
    if (loop == null) {
      throw new IllegalStateException(
          "no event loop runs in thread \""
              + Thread.currentThread().getName()
              + "\": start the body with Treadle.run(...), or with EventLoop.submit(...) of a"
              + " loop");
    }
    return loop;
  }

  /** {@link Task#current}. */
  public static Task<?> currentTask() {
    Task<?> task = current().current;
    if (task == null) {
      throw new IllegalStateException("no task is running: this is a plain callback of the loop");
    }
    return task;
  }

  /** Holds the default loop of the main thread. */
  private static final class Default {
    /** Guarded by the class. */
    static @Nullable TaskLoop loop;

    static synchronized TaskLoop get() {
      TaskLoop made = loop;
      if (made == null || made.isClosed()) {
        made = open(options -> options.name("main"));
        loop = made;
      }
      return made;
    }
  }

  /** {@link EventLoop#get}. */
  public static TaskLoop get() {
    TaskLoop loop = running();
    if (loop != null) {
      return loop;
    }
    Thread thread = Thread.currentThread();
    ThreadGroup group = thread.getThreadGroup();
    if (group == null
        || !group.getName().equals("main")
        || !thread.getName().equals(System.getProperty(MAIN_THREAD, "main"))) {
      throw new IllegalStateException(
          "there is no current event loop in thread \"" + thread.getName() + "\"");
    }
    return Default.get();
  }

  /** Hides the loop of this thread, if it is not, from a body that has none; see {@link #show}. */
  static @Nullable TaskLoop hide() {
    TaskLoop loop = running();
    if (loop != null) {
      loop.hidden = true;
    }
    return loop;
  }

  /** Ends what {@link #hide} began. */
  static void show(@Nullable TaskLoop loop) {
    if (loop != null) {
      loop.hidden = false;
    }
  }

  // ------------------------------------------------------------------ running

  @Override
  public <T extends @Nullable Object, X extends Throwable> T run(AsyncCallable<? extends T, X> main)
      throws X {
    enter();
    try {
      return this.<T>runMain(startTask(main));
    } finally {
      exit();
    }
  }

  @Override
  public <X extends Throwable> void run(AsyncRunnable<X> main) throws X {
    enter();
    try {
      runMain(startTask(main));
    } finally {
      exit();
    }
  }

  private <T extends @Nullable Object> T runMain(LoopTask<T> task) {
    main = task;
    Runnable stop = callbacks::stop;
    task.addWaiter(stop);
    try {
      callbacks.runUntilStopped();
    } finally {
      main = null;
      task.removeWaiter(stop);
    }
    if (!task.isDone()) {
      throw new IllegalStateException(
          "the event loop was stopped before " + task.name() + ", the main task, was done");
    }
    return task.result();
  }

  @Override
  public void runForever() {
    enter();
    try {
      callbacks.runUntilStopped();
    } finally {
      exit();
    }
  }

  @Override
  public boolean runOnce(Duration atMost) {
    enter();
    try {
      return callbacks.runOnce(CallbackLoop.nanos(atMost));
    } finally {
      exit();
    }
  }

  private void enter() {
    TaskLoop other = RUNNING.get();
    if (other != null && other != this) {
      throw new IllegalStateException(
          "cannot run "
              + name
              + ": this thread runs an event loop already, "
              + other.name
              + "; in it, call the body from @Async code, or start it with spawn(...)");
    }
    callbacks.enter();
    RUNNING.set(this);
  }

  private void exit() {
    RUNNING.remove();
    callbacks.exit();
    if (interrupted) {
      interrupted = false;
      Thread.currentThread().interrupt();
    }
  }

  private void threadInterrupted() {
    interrupted = true;
    LoopTask<?> task = main;
    if (task != null) {
      task.cancel();
    } else if (!closing) {
      callbacks.stop();
    }
  }

  @Override
  public void stop() {
    callbacks.stop();
  }

  @Override
  public boolean isRunning() {
    return callbacks.isRunning();
  }

  @Override
  public boolean isClosed() {
    return callbacks.isClosed();
  }

  @Override
  public long time() {
    return callbacks.time();
  }

  // ------------------------------------------------------------------ a loop with a thread

  /** {@link EventLoop#inThread}. */
  public static TaskLoop inThread(String name) {
    TaskLoop loop = open(options -> options.name(name));
    CountDownLatch runs = new CountDownLatch(1);
    loop.callbacks.ready(runs::countDown);
    Thread thread = new Thread(loop::runInThread, name);
    thread.setDaemon(true);
    loop.thread = thread;
    thread.start();
    uninterruptibly(runs::await);
    return loop;
  }

  private void runInThread() {
    boolean stopped = false;
    while (!stopped) {
      try {
        runForever();
        stopped = true;
      } catch (VirtualMachineError error) { // has left the loop, which goes on
        report("an error has left the event loop", error, null);
      }
    }
    // The flag would only cut the cleanup short; it is for the loop, which has stopped for it.
    Thread.interrupted();
    closeHere();
  }

  /** What {@link #uninterruptibly} does. */
  private interface Waiting {
    void run() throws InterruptedException;
  }

  private static void uninterruptibly(Waiting waiting) {
    boolean interrupted = false;
    while (true) {
      try {
        waiting.run();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ------------------------------------------------------------------ closing

  @Override
  public void close() {
    Thread own = thread;
    if (own == null) {
      if (!isClosed()) {
        closeHere();
      }
      return;
    }
    if (own == Thread.currentThread()) {
      throw new IllegalStateException(
          name + " cannot be closed in its own thread, which ends when it is stopped");
    }
    stop();
    uninterruptibly(own::join);
  }

  private void closeHere() {
    enter();
    try {
      closing = true;
      interrupted = Thread.interrupted();
      cancelTasks();
      shutDownOffload();
      unread.forEach(UnreadFailure::report);
      unread.clear();
    } finally {
      callbacks.close();
      exit();
    }
  }

  /** Cancels every task once, those made meanwhile too, and runs until all are done. */
  private void cancelTasks() {
    Set<LoopTask<?>> asked = Collections.newSetFromMap(new IdentityHashMap<>());
    int known = -1;
    callbacks.runOnce(0); // what other threads have submitted becomes known
    while (first != null) {
      if (known != taskCount) {
        known = taskCount;
        for (LoopTask<?> task : taskList()) {
          if (asked.add(task)) {
            task.cancel();
          }
        }
      }
      callbacks.runOnce(Long.MAX_VALUE);
    }
  }

  private void shutDownOffload() {
    boolean ended;
    try {
      ended = offloadPool.shutDown(interrupted ? Duration.ZERO : offloadShutdown);
    } catch (InterruptedException e) {
      interrupted = true;
      ended = false;
    }
    if (!ended) {
      LOGGER.log(System.Logger.Level.WARNING, "offloaded work of {0} goes on after its end", name);
    }
  }

  // ------------------------------------------------------------------ callbacks

  @Override
  public Handle callSoon(Runnable callback) {
    return callbacks.callSoon(Objects.requireNonNull(callback));
  }

  @Override
  public Handle callLater(Duration delay, Runnable callback) {
    return callbacks.callLater(delay, Objects.requireNonNull(callback));
  }

  @Override
  public Handle callAt(long time, Runnable callback) {
    return callbacks.callAt(time, Objects.requireNonNull(callback));
  }

  @Override
  public Handle callSoonThreadsafe(Runnable callback) {
    return callbacks.callSoonThreadsafe(Objects.requireNonNull(callback));
  }

  @Override
  public void execute(Runnable callback) {
    if (!callbacks.post(Objects.requireNonNull(callback))) {
      throw new RejectedExecutionException(name + " is closed");
    }
  }

  // ------------------------------------------------------------------ tasks

  @Override
  public <T extends @Nullable Object> Task<T> spawn(AsyncCallable<? extends T, ?> body) {
    callbacks.requireThread("spawn a task");
    return startTask(body);
  }

  @Override
  public Task<@Nullable Void> spawn(AsyncRunnable<?> body) {
    callbacks.requireThread("spawn a task");
    return startTask(body);
  }

  @Override
  public <T extends @Nullable Object> Task<T> submit(AsyncCallable<? extends T, ?> body) {
    LoopTask<T> task = new LoopTask<>(this);
    task.body = new TaskBody(task, Objects.requireNonNull(body));
    submit(task);
    return task;
  }

  @Override
  public Task<@Nullable Void> submit(AsyncRunnable<?> body) {
    LoopTask<@Nullable Void> task = new LoopTask<>(this);
    task.body = new TaskBody(task, Objects.requireNonNull(body));
    submit(task);
    return task;
  }

  private void submit(LoopTask<?> task) {
    if (callbacks.inLoop()) {
      start(task);
      return;
    }
    TaskBody body = task.body;
    assert body != null;
    boolean posted =
        callbacks.post(
            () -> {
              if (isClosed()) { // it came too late to be cancelled with the others
                task.end(Outcome.CANCELLED);
              } else {
                add(task);
                body.run();
              }
            });
    if (!posted) {
      throw closed();
    }
  }

  private IllegalStateException closed() {
    return new IllegalStateException("the event loop is closed");
  }

  /** Starts a task on this thread. */
  <T extends @Nullable Object> LoopTask<T> startTask(AsyncCallable<? extends T, ?> body) {
    LoopTask<T> task = new LoopTask<>(this);
    task.body = new TaskBody(task, Objects.requireNonNull(body));
    start(task);
    return task;
  }

  /** Starts a task on this thread. */
  LoopTask<@Nullable Void> startTask(AsyncRunnable<?> body) {
    LoopTask<@Nullable Void> task = new LoopTask<>(this);
    task.body = new TaskBody(task, Objects.requireNonNull(body));
    start(task);
    return task;
  }

  private void start(LoopTask<?> task) {
    if (isClosed()) {
      throw closed();
    }
    TaskBody body = task.body;
    assert body != null;
    add(task);
    callbacks.ready(body);
  }

  /** Numbers a task that this loop has made, or got. */
  void number(LoopTask<?> task) {
    task.number = ++taskCount;
  }

  /** Holds a task until it is done. */
  void add(LoopTask<?> task) {
    if (task.number == 0) {
      number(task);
    }
    task.previous = last;
    if (last == null) {
      first = task;
    } else {
      last.next = task;
    }
    last = task;
  }

  /** Lets go of a task, if it is held: it is done. */
  void remove(LoopTask<?> task) {
    if (task.previous == null) {
      if (first != task) {
        return;
      }
      first = task.next;
    } else {
      task.previous.next = task.next;
    }
    if (task.next == null) {
      last = task.previous;
    } else {
      task.next.previous = task.previous;
    }
    task.previous = null;
    task.next = null;
  }

  @Override
  public <T extends @Nullable Object> Deferred<T> createFuture() {
    return new LoopDeferred<>(this);
  }

  @Override
  public Set<Task<?>> tasks() {
    return inLoop(() -> Collections.unmodifiableSet(new LinkedHashSet<Task<?>>(taskList())));
  }

  @Override
  public String dump() {
    return inLoop(() -> Dump.of(this, taskList()));
  }

  private List<LoopTask<?>> taskList() {
    List<LoopTask<?>> tasks = new ArrayList<>();
    for (LoopTask<?> task = first; task != null; task = task.next) {
      tasks.add(task);
    }
    return tasks;
  }

  /** Asks where the answer is: in the thread that runs the loop, if there is one. */
  private <R> R inLoop(Supplier<R> question) {
    if (callbacks.inLoop() || !callbacks.isRunning()) {
      return question.get();
    }
    CompletableFuture<R> answer = new CompletableFuture<>();
    if (!callbacks.post(() -> answer.complete(question.get()))) {
      return question.get();
    }
    return answer.join();
  }

  String name() {
    return name;
  }

  Executor offloadPool() {
    return offloadPool;
  }

  long nextMoment() {
    return ++moment;
  }

  /** Checks that a thread which is about to wait for this loop is not the one that runs it. */
  void refuseToBlock(String label) {
    if (callbacks.inLoop()) {
      throw new IllegalStateException(
          "the thread of "
              + name
              + " would wait for "
              + label
              + ", which only it can complete: use await(...)");
    }
  }

  // ------------------------------------------------------------------ failures

  @Override
  public void setExceptionHandler(
      @Nullable BiConsumer<? super EventLoop, ? super Map<String, Object>> handler) {
    this.handler = handler;
  }

  private void callbackFailed(Runnable callback, Throwable failure) {
    if (isFatal(failure)) {
      throw (VirtualMachineError) failure;
    }
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("message", "a callback has thrown");
    context.put("exception", failure);
    if (callback instanceof Handle) {
      context.put("handle", callback);
    }
    handle(context);
  }

  /** Tells the exception handler. */
  void report(String message, Throwable failure, @Nullable Task<?> task) {
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("message", message);
    context.put("exception", failure);
    if (task != null) {
      context.put("task", task);
    }
    handle(context);
  }

  private void handle(Map<String, Object> context) {
    BiConsumer<? super EventLoop, ? super Map<String, Object>> set = handler;
    if (set == null) {
      log(name + ": " + context.get("message"), (Throwable) context.get("exception"));
      return;
    }
    try {
      set.accept(this, context);
    } catch (Throwable failure) {
      if (isFatal(failure)) {
        throw failure;
      }
      log(name + ": the exception handler has thrown, for: " + context.get("message"), failure);
    }
  }

  static void log(String message, @Nullable Object failure) {
    LOGGER.log(System.Logger.Level.ERROR, message, (Throwable) failure);
  }

  /** True for what leaves the loop. A task that has used up its stack fails by itself. */
  private static boolean isFatal(Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  /** A body has failed. The task has the failure; one that is fatal leaves the loop as well. */
  void escapeIfFatal(Throwable failure) {
    if (isFatal(failure)) {
      callbacks.ready(
          () -> {
            throw (VirtualMachineError) failure;
          });
    }
  }

  /** A future has failed, and nobody waits for it: somebody may still ask. */
  void watch(LoopFuture<?> future, Outcome.Failure failure) {
    if (failure.seen) {
      return;
    }
    if (unread.size() >= unreadLimit) {
      unread.removeIf(UnreadFailure::wasSeen);
      unreadLimit = Math.max(16, unread.size() * 2);
    }
    unread.add(UnreadFailure.of(future, failure));
  }

  @Override
  public String toString() {
    return name + (isClosed() ? "[closed]" : isRunning() ? "[running]" : "[not running]");
  }
}
