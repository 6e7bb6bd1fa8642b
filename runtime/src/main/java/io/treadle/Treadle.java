package io.treadle;

import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Twin;
import io.treadle.task.Awaiting;
import io.treadle.task.FirstCompleted;
import io.treadle.task.Group;
import io.treadle.task.Offload;
import io.treadle.task.Shielded;
import io.treadle.task.Timeout;
import io.treadle.task.Uncancellable;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a program, for {@code import static io.treadle.Treadle.*;}.
 *
 * <p>Those that are {@code @Async} are for {@code @Async} code. Where they suspend, they throw the
 * {@link CancelledError} of a pending request.
 */
public final class Treadle {
  private Treadle() {}

  // ------------------------------------------------------------------ running

  /**
   * Runs a program: opens a loop on this thread, runs the body as its main task, cancels the tasks
   * that are left, lets them clean up, and closes the loop.
   *
   * <pre>{@code
   * public static void main(String[] args) throws IOException {
   *   Config config = run(() -> load(args[0]));
   * }
   * }</pre>
   *
   * <p>An interrupt of the thread cancels the main task; the flag is set again afterwards.
   *
   * @return the value of the body
   * @throws X what the body throws
   * @throws CancellationException if the main task was cancelled
   * @throws IllegalStateException if this thread runs a loop already
   */
  public static <T extends @Nullable Object, X extends Throwable> T run(
      AsyncCallable<? extends T, X> main) throws X {
    try (EventLoop loop = EventLoop.open()) {
      return loop.<T, X>run(main);
    }
  }

  /**
   * {@link #run(AsyncCallable)} for a body without a value.
   *
   * @throws X what the body throws
   * @throws CancellationException if the main task was cancelled
   * @throws IllegalStateException if this thread runs a loop already
   */
  public static <X extends Throwable> void run(AsyncRunnable<X> main) throws X {
    try (EventLoop loop = EventLoop.open()) {
      loop.run(main);
    }
  }

  // ------------------------------------------------------------------ waiting

  /**
   * The value of a stage, once it has one. If the stage is complete, this returns at once and does
   * not yield.
   *
   * <pre>{@code
   * HttpResponse<String> response = await(http.sendAsync(request, ofString()));
   * }</pre>
   *
   * <p>It throws the stage's own exception, whatever its type, without the {@code
   * CompletionException} that {@code CompletableFuture} puts around it.
   *
   * <p>If this {@code await} is cancelled, it cancels the stage. A {@link Task} is then waited for:
   * if it ends with a value or a failure after all, that is the outcome, and the request stays
   * pending.
   *
   * @param stage completed on any thread
   * @throws CancellationException if somebody else has cancelled the stage
   * @throws IllegalStateException if the stage is the task that calls this, or the caller's body is
   *     run by a {@link Continuation}
   */
  @Async
  public static <T extends @Nullable Object> T await(CompletionStage<? extends T> stage) {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #await(CompletionStage)}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static <T extends @Nullable Object> T await(
      CompletionStage<? extends T> stage, Coroutine coroutine) {
    return Awaiting.await(stage, coroutine);
  }

  /**
   * {@link #await(CompletionStage)} that declares a checked exception.
   *
   * <pre>{@code
   * try {
   *   return await(read(file), IOException.class);
   * } catch (IOException e) {
   *   return "";
   * }
   * }</pre>
   *
   * @param declared for the compiler only: the stage may fail with anything
   * @throws X if the stage fails with it
   */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T await(
      CompletionStage<? extends T> stage, Class<X> declared) throws X {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #await(CompletionStage, Class)}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static <T extends @Nullable Object, X extends Throwable> T await(
      CompletionStage<? extends T> stage, Class<X> declared, Coroutine coroutine) throws X {
    return Awaiting.await(stage, coroutine);
  }

  /**
   * Does nothing but declare a checked exception, which some {@code await} below may throw.
   *
   * <pre>{@code
   * try {
   *   mayThrow(IOException.class);
   *   return await(head) + await(tail);
   * } catch (IOException e) {
   *   return "";
   * }
   * }</pre>
   *
   * @throws X never
   */
  public static <X extends Throwable> void mayThrow(Class<X> declared) throws X {}

  /**
   * Suspends the task for a time. It always yields, even for {@link Duration#ZERO}.
   *
   * @param duration to the nanosecond; none if it is negative
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @Async
  public static void sleep(Duration duration) {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #sleep}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static void sleep(Duration duration, Coroutine coroutine) {
    Awaiting.sleep(duration, coroutine);
  }

  /**
   * Lets everything else that is ready run first.
   *
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @Async
  public static void yieldNow() {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #yieldNow}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static void yieldNow(Coroutine coroutine) {
    Awaiting.yieldNow(coroutine);
  }

  /**
   * Suspends until a callback resumes it: the way from callbacks to sequential code.
   *
   * <pre>{@code
   * byte[] bytes = suspend(resumer -> {
   *   Request request = device.read(resumer::resume, resumer::fail);
   *   resumer.onCancel(request::abort);
   * });
   * }</pre>
   *
   * @param start called at once, on this thread; a resume in it is no suspension. What it throws is
   *     thrown here
   * @return the value that it was resumed with
   * @throws IllegalStateException if the caller's body is run by a {@link Continuation}
   */
  @Async
  public static <T extends @Nullable Object> T suspend(Consumer<? super Resumer<T>> start) {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #suspend}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static <T extends @Nullable Object> T suspend(
      Consumer<? super Resumer<T>> start, Coroutine coroutine) {
    return Awaiting.suspend(start, coroutine);
  }

  // ------------------------------------------------------------------ blocking work

  /**
   * Does blocking work on another thread and waits for its value.
   *
   * <pre>{@code
   * String text = offload(() -> Files.readString(path));
   * }</pre>
   *
   * <p>The threads are virtual ones from JDK 24 on; below that, they are the loop's pool, see
   * {@link EventLoop.Options#offloadThreads}. If this call is cancelled, the thread is interrupted
   * and the task resumes at once; what the work then returns or throws is dropped.
   *
   * @throws X what the work throws
   */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T offload(
      Blocking<? extends T, X> work) throws X {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #offload(Blocking)}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static <T extends @Nullable Object, X extends Throwable> T offload(
      Blocking<? extends T, X> work, Coroutine coroutine) throws X {
    return Offload.call(work, coroutine);
  }

  /**
   * Does blocking work in an executor and waits for its value. If this call is cancelled, the
   * thread is interrupted and the task resumes at once; work that has not begun does not begin.
   *
   * @throws X what the work throws
   * @throws RejectedExecutionException if the executor rejects it
   */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T offload(
      Executor executor, Blocking<? extends T, X> work) throws X {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #offload(Executor, Blocking)}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static <T extends @Nullable Object, X extends Throwable> T offload(
      Executor executor, Blocking<? extends T, X> work, Coroutine coroutine) throws X {
    return Offload.call(executor, work, coroutine);
  }

  // ------------------------------------------------------------------ tasks

  /**
   * Starts a task on the loop of this thread, in the next iteration. The task does not belong to
   * the caller: it goes on when the caller ends.
   *
   * @throws IllegalStateException if this thread runs no loop; see {@link EventLoop#submit}
   */
  public static <T extends @Nullable Object> Task<T> spawn(AsyncCallable<? extends T, ?> body) {
    return EventLoop.current().spawn(body);
  }

  /**
   * Starts a task on the loop of this thread, in the next iteration.
   *
   * @throws IllegalStateException if this thread runs no loop; see {@link EventLoop#submit}
   */
  public static Task<@Nullable Void> spawn(AsyncRunnable<?> body) {
    return EventLoop.current().spawn(body);
  }

  /**
   * Runs bodies concurrently, each in a task of its own, and waits for all. It is a {@link
   * TaskGroup}: when one fails, the others are cancelled, and the first failure is thrown.
   *
   * <pre>{@code
   * List<Integer> sizes = gather(() -> size("a"), () -> size("b"));
   * }</pre>
   *
   * @return the values, in the order of the bodies; the list cannot be modified
   * @throws X the first failure
   * @throws CancellationException if one of the tasks was cancelled by itself
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  @Async
  public static <T extends @Nullable Object, X extends Throwable> List<T> gather(
      AsyncCallable<? extends T, ? extends X>... bodies) throws X {
    return Group.<T, X>gather(Arrays.asList(bodies));
  }

  /**
   * {@link #gather(AsyncCallable...)} of a collection.
   *
   * @return the values, in the order of the bodies; the list cannot be modified
   * @throws X the first failure
   * @throws CancellationException if one of the tasks was cancelled by itself
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> List<T> gather(
      Collection<? extends AsyncCallable<? extends T, ? extends X>> bodies) throws X {
    return Group.<T, X>gather(bodies);
  }

  /**
   * The outcome of the task that is done first, of several. It cancels nothing, also when it is
   * cancelled itself.
   *
   * <pre>{@code
   * Page page = await(firstCompleted(List.of(a, b)));
   * }</pre>
   *
   * <p>This method is in future style, as all are that return a task: it returns at once.
   *
   * @return a task that ends as the first one does; of those that are done already, the first in
   *     the order of the collection. It fails with {@code IllegalArgumentException} if there are
   *     none
   */
  @Async
  @SuppressWarnings("unchecked") // it is one of the tasks
  public static <T extends @Nullable Object> Task<T> firstCompleted(Collection<Task<T>> tasks) {
    return (Task<T>) FirstCompleted.of(tasks);
  }

  // ------------------------------------------------------------------ scopes

  /**
   * Runs a body and cancels it when it takes too long. A body that returns a value returns it,
   * deadline passed or not.
   *
   * <pre>{@code
   * Page page = withTimeout(Duration.ofSeconds(2), () -> fetch(uri));
   * }</pre>
   *
   * @param timeout to the nanosecond; none if it is negative
   * @throws X what the body throws
   * @throws TimeoutException if the body was cancelled for it
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T withTimeout(
      Duration timeout, AsyncCallable<? extends T, X> body) throws X, TimeoutException {
    return Timeout.<T, X>call(timeout, body);
  }

  /**
   * {@link #withTimeout(Duration, AsyncCallable)} for a body without a value.
   *
   * @throws X what the body throws
   * @throws TimeoutException if the body was cancelled for it
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @Async
  public static <X extends Throwable> void withTimeout(Duration timeout, AsyncRunnable<X> body)
      throws X, TimeoutException {
    Timeout.run(timeout, body);
  }

  /**
   * Runs a body in a task of its own and waits for it. If the caller is cancelled, it leaves at
   * once and the body goes on; a later failure of it is reported to the exception handler.
   *
   * <pre>{@code
   * shielded(() -> commit(transaction));
   * }</pre>
   *
   * @return the value of the body
   * @throws X what the body throws
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T shielded(
      AsyncCallable<? extends T, X> body) throws X {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #shielded(AsyncCallable)}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static <T extends @Nullable Object, X extends Throwable> T shielded(
      AsyncCallable<? extends T, X> body, Coroutine coroutine) throws X {
    return Shielded.<T>call(body, coroutine);
  }

  /**
   * {@link #shielded(AsyncCallable)} for a body without a value.
   *
   * @throws X what the body throws
   * @throws IllegalStateException if the caller does not run in a task of a loop
   */
  @Async
  public static <X extends Throwable> void shielded(AsyncRunnable<X> body) throws X {
    throw new IllegalStateException("not woven");
  }

  /**
   * {@link #shielded(AsyncRunnable)}, in a coroutine.
   *
   * @hidden
   */
  @Twin
  public static <X extends Throwable> void shielded(AsyncRunnable<X> body, Coroutine coroutine)
      throws X {
    Shielded.run(body, coroutine);
  }

  /**
   * Runs a body here and keeps requests to cancel what is around it pending until it has ended: for
   * cleanup that has to be finished. A {@link #withTimeout} inside it works.
   *
   * <pre>{@code
   * } finally {
   *   uncancellable(() -> withTimeout(Duration.ofSeconds(1), () -> connection.close()));
   * }
   * }</pre>
   *
   * @return the value of the body
   * @throws X what the body throws
   */
  @Async
  public static <T extends @Nullable Object, X extends Throwable> T uncancellable(
      AsyncCallable<? extends T, X> body) throws X {
    return Uncancellable.<T, X>call(body);
  }

  /**
   * {@link #uncancellable(AsyncCallable)} for a body without a value.
   *
   * @throws X what the body throws
   */
  @Async
  public static <X extends Throwable> void uncancellable(AsyncRunnable<X> body) throws X {
    Uncancellable.run(body);
  }
}
