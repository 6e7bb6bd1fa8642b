/**
 * Async and await for Java: sequential code that suspends instead of blocking, on a single-threaded
 * event loop.
 *
 * <p>Two ideas. In <b>direct style</b> an {@link io.treadle.Async @Async} method of any return type
 * may suspend, and other {@code @Async} code calls it like any method:
 *
 * <pre>{@code
 * @Async static String greet(String name) {
 *   sleep(Duration.ofMillis(10)); // gives the thread back to the event loop
 *   return "Hello, " + name;
 * }
 *
 * public static void main(String[] args) {
 *   String greeting = run(() -> greet("Ada"));
 * }
 * }</pre>
 *
 * <p>In <b>future style</b> an {@code @Async} method that returns {@code CompletableFuture}, {@code
 * CompletionStage} or {@link io.treadle.Task} is started by its call and returns its future; any
 * code can call it.
 *
 * <p>A tour: {@link io.treadle.Treadle} has the functions, for {@code import static}. {@link
 * io.treadle.EventLoop} runs callbacks, timers and tasks on one thread. A {@link io.treadle.Task}
 * is a body that runs by itself, and a future of its outcome; a {@link io.treadle.TaskGroup} is a
 * block that ends when its tasks have. A {@link io.treadle.Deferred} is a future that is completed
 * by hand, a {@link io.treadle.Continuation} a body without a loop. {@link
 * io.treadle.CancelledError} asks a body to stop.
 *
 * <p>Classes with {@code @Async} methods are woven: by the Maven plugin when they are built, or by
 * the agent when they are loaded.
 */
@NullMarked
package io.treadle;

import org.jspecify.annotations.NullMarked;
