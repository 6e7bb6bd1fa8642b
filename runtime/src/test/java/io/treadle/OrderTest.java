package io.treadle;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.firstCompleted;
import static io.treadle.Treadle.gather;
import static io.treadle.Treadle.shielded;
import static io.treadle.Treadle.sleep;
import static io.treadle.Treadle.spawn;
import static io.treadle.Treadle.withTimeout;
import static io.treadle.Treadle.yieldNow;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The order of events is asyncio's: {@code traces.txt} is what CPython logs for the scenarios of
 * {@code scenarios.py}, which are ported here, each under its name.
 */
class OrderTest {
  /** Scenarios of what is not here yet: locks, events, queues, context variables. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "lock_is_fifo",
          "cancelled_lock_waiter_passes_the_wakeup_on",
          "semaphore_limits",
          "event_wakes_all_in_order",
          "bounded_queue_blocks_the_putter",
          "queue_getter_cancelled_at_the_moment_of_put_loses_nothing",
          "context_is_copied_at_task_creation",
          "to_thread_carries_the_context_and_returns");

  private final Map<String, AsyncRunnable<?>> scenarios = new LinkedHashMap<>();
  private List<String> lines = new ArrayList<>();

  private static final class ValueError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ValueError(String message) {
      super(message);
    }

    @Override
    public String toString() {
      return "ValueError('" + getMessage() + "')";
    }
  }

  private void log(Object... words) {
    lines.add(
        Stream.of(words)
            .map(word -> word.equals(true) ? "True" : word.equals(false) ? "False" : "" + word)
            .collect(Collectors.joining(" ")));
  }

  private static Duration millis(int millis) {
    return Duration.ofMillis(millis);
  }

  /** {@code asyncio.wait}: waits, whatever the outcome. */
  @Async
  private static void waitFor(Task<?> task) {
    try {
      await(task);
    } catch (CancellationException e) {
      // that is an outcome
    }
  }

  @TestFactory
  Stream<DynamicTest> theTraceIsThatOfAsyncio() {
    callbacks();
    tasks();
    cancellation();
    scopes();
    threads();
    Map<String, List<String>> traces = traces();
    return scenarios.entrySet().stream()
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.getKey(),
                    () -> {
                      lines = new ArrayList<>();
                      run(scenario.getKey(), scenario.getValue());
                      assertThat(lines).isEqualTo(traces.get(scenario.getKey()));
                    }));
  }

  @Test
  void everyScenarioIsPortedOrElsewhere() {
    theTraceIsThatOfAsyncio();
    Set<String> known = new TreeSet<>(scenarios.keySet());
    known.addAll(ELSEWHERE);
    assertThat(known).isEqualTo(new TreeSet<>(traces().keySet()));
  }

  @SuppressWarnings("unchecked") // what a scenario throws fails its test, whatever it is
  private static void run(String name, AsyncRunnable<?> scenario) {
    if (name.startsWith("thread_")) {
      Treadle.run((AsyncRunnable<RuntimeException>) scenario);
      return;
    }
    try (EventLoop loop = VirtualTime.loop()) {
      loop.run((AsyncRunnable<RuntimeException>) scenario);
    }
  }

  private static Map<String, List<String>> traces() {
    Map<String, List<String>> traces = new LinkedHashMap<>();
    List<String> trace = new ArrayList<>();
    try (InputStream in = OrderTest.class.getResourceAsStream("traces.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (line.startsWith("== ")) {
          trace = new ArrayList<>();
          traces.put(line.substring(3), trace);
        } else {
          trace.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return traces;
  }

  // ------------------------------------------------------------------ callbacks

  private static final class Bouncing implements Runnable {
    private final EventLoop loop = EventLoop.current();
    private final Deferred<Void> done;
    private int count;

    Bouncing(Deferred<Void> done) {
      this.done = done;
    }

    @Override
    public void run() {
      count++;
      if (!done.isDone()) {
        loop.callSoon(this);
      }
    }
  }

  private void bounce(String name, int left) {
    log(name, left);
    if (left > 0) {
      EventLoop.current().callSoon(() -> bounce(name, left - 1));
    }
  }

  private void callbacks() {
    scenarios.put(
        "call_soon_is_fifo",
        () -> {
          for (int i = 0; i < 5; i++) {
            int number = i;
            EventLoop.current().callSoon(() -> log("cb", number));
          }
          yieldNow();
          log("resumed");
        });
    scenarios.put(
        "callback_added_while_running_waits_for_next_iteration",
        () -> {
          EventLoop loop = EventLoop.current();
          loop.callSoon(
              () -> {
                log("a");
                loop.callSoon(() -> log("c"));
              });
          loop.callSoon(() -> log("b"));
          yieldNow();
          log("after one pass");
          yieldNow();
          log("after two passes");
        });
    scenarios.put(
        "trampoline_does_not_starve_timers",
        () -> {
          EventLoop loop = EventLoop.current();
          Deferred<Void> done = loop.createFuture();
          Bouncing bouncing = new Bouncing(done);
          loop.callSoon(bouncing);
          // Virtual time stands still while callbacks are ready: the timer is due at once.
          loop.callLater(Duration.ZERO, () -> bouncing.count += 10);
          loop.callLater(Duration.ZERO, () -> done.complete(null));
          await(done);
          log("timer fired while bouncing", bouncing.count > 10);
        });
    scenarios.put(
        "two_bouncing_callbacks_alternate",
        () -> {
          EventLoop.current().callSoon(() -> bounce("A", 3));
          EventLoop.current().callSoon(() -> bounce("B", 3));
          sleep(millis(10));
        });
    scenarios.put(
        "cancelled_handle_never_runs",
        () -> {
          EventLoop loop = EventLoop.current();
          Handle soon = loop.callSoon(() -> log("must not run"));
          soon.cancel();
          Handle timer = loop.callLater(millis(1), () -> log("must not run either"));
          timer.cancel();
          sleep(millis(5));
          log(soon.isCancelled(), timer.isCancelled());
        });
    scenarios.put(
        "handle_cancelled_by_an_earlier_callback_of_the_same_pass",
        () -> {
          EventLoop loop = EventLoop.current();
          Handle[] handles = new Handle[1];
          loop.callSoon(() -> handles[0].cancel());
          handles[0] = loop.callSoon(() -> log("must not run"));
          loop.callSoon(() -> log("third"));
          yieldNow();
        });
    scenarios.put(
        "executed_handle_is_not_cancelled",
        () -> {
          Handle handle = EventLoop.current().callSoon(() -> log("ran"));
          yieldNow();
          log(handle.isCancelled());
        });
    scenarios.put(
        "ready_then_due_timers_in_one_pass",
        () -> {
          EventLoop.current().callLater(Duration.ZERO, () -> log("timer"));
          EventLoop.current().callSoon(() -> log("soon"));
          sleep(millis(5));
        });
    scenarios.put(
        "timers_fire_in_deadline_order",
        () -> {
          for (int ms : new int[] {30, 10, 20}) {
            EventLoop.current().callLater(millis(ms), () -> log(ms));
          }
          sleep(millis(50));
        });
    scenarios.put(
        "throwing_callback_is_reported_and_the_loop_goes_on",
        () -> {
          EventLoop loop = EventLoop.current();
          loop.setExceptionHandler((l, context) -> log("handler", context.get("exception")));
          loop.callSoon(
              () -> {
                throw new ValueError("boom");
              });
          loop.callSoon(() -> log("next"));
          yieldNow();
          log("alive");
        });
  }

  // ------------------------------------------------------------------ tasks

  @Async
  private int child() {
    log("child");
    return 7;
  }

  @Async
  private Void threeTimes(String name) {
    for (int i = 0; i < 3; i++) {
      log(name, i);
      yieldNow();
    }
    return null;
  }

  @Async
  private static void leaf() {
    yieldNow();
    throw new ValueError("leaf");
  }

  @Async
  private void middle() {
    try {
      leaf();
    } finally {
      log("middle finally");
      yieldNow();
      log("middle finally resumed");
    }
  }

  private void tasks() {
    scenarios.put(
        "created_task_starts_on_the_next_pass",
        () -> {
          Task<Integer> task = spawn(() -> child());
          log("created");
          await(task);
          log("done");
        });
    scenarios.put(
        "awaiting_a_coroutine_does_not_yield",
        () -> {
          EventLoop.current().callSoon(() -> log("callback"));
          log(child());
          yieldNow();
        });
    scenarios.put(
        "awaiting_a_done_future_does_not_yield",
        () -> {
          Deferred<Integer> future = EventLoop.current().createFuture();
          future.complete(1);
          EventLoop.current().callSoon(() -> log("callback"));
          log("value", await(future));
          yieldNow();
        });
    scenarios.put(
        "two_tasks_alternate", () -> gather(() -> threeTimes("A"), () -> threeTimes("B")));
    scenarios.put(
        "done_callbacks_are_scheduled_in_order",
        () -> {
          Deferred<Void> future = EventLoop.current().createFuture();
          future.thenAccept(nothing -> log(1));
          future.whenComplete((nothing, failure) -> log(2));
          future.complete(null);
          log("sync");
          future.thenRun(() -> log(3));
          yieldNow();
        });
    scenarios.put(
        "waiters_resume_in_the_order_they_waited",
        () -> {
          Deferred<Void> future = EventLoop.current().createFuture();
          List<AsyncCallable<Void, RuntimeException>> waiters = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            int number = i;
            Task<Void> task =
                spawn(
                    () -> {
                      await(future);
                      log(number);
                    });
            waiters.add(() -> await(task));
          }
          yieldNow();
          future.complete(null);
          gather(waiters);
        });
    scenarios.put(
        "exception_travels_to_the_awaiter_through_frames",
        () -> {
          try {
            middle();
          } catch (ValueError e) {
            log("caught", e.getMessage());
          }
        });
    scenarios.put(
        "task_awaiting_itself_is_an_error",
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    try {
                      await(Task.current());
                    } catch (IllegalStateException e) {
                      log("RuntimeError");
                    }
                  });
          await(task);
        });
    scenarios.put(
        "current_task_is_restored",
        () -> {
          Task<?> here = Task.current();
          Task<Void> child = spawn(() -> log(Task.current() == here));
          await(child);
          log(Task.current() == here);
        });
  }

  // ------------------------------------------------------------------ cancellation

  @Async
  private void sleepLong(String whenCancelled) {
    try {
      sleep(Duration.ofSeconds(10));
    } catch (CancelledError e) {
      log(whenCancelled);
      throw e;
    }
  }

  private void cancellation() {
    scenarios.put(
        "cancel_is_delivered_at_the_await",
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    log("start");
                    try {
                      sleepLong("cancelled");
                    } finally {
                      log("finally");
                    }
                  });
          yieldNow();
          task.cancel();
          log("requested", task.isDone());
          try {
            await(task);
          } catch (CancellationException e) {
            log("awaiter sees cancellation", task.isCancelled());
          }
        });
    scenarios.put(
        "cleanup_may_await_after_cancellation",
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    try {
                      sleep(Duration.ofSeconds(10));
                    } finally {
                      log("cleanup starts");
                      sleep(millis(1));
                      log("cleanup ends");
                    }
                  });
          yieldNow();
          task.cancel();
          waitFor(task);
          log(task.isCancelled());
        });
    scenarios.put(
        "swallowed_cancellation_lets_the_task_finish",
        () -> {
          Task<String> task =
              spawn(
                  () -> {
                    try {
                      sleep(Duration.ofSeconds(10));
                    } catch (CancelledError e) {
                      log("swallowed");
                    }
                    yieldNow();
                    return "value";
                  });
          yieldNow();
          task.cancel();
          log(await(task));
        });
    scenarios.put(
        "cancel_reaches_the_innermost_await",
        () -> {
          Task<Void> task =
              spawn(
                  () -> {
                    try {
                      sleepLong("leaf");
                    } catch (CancelledError e) {
                      log("middle");
                      throw e;
                    }
                  });
          yieldNow();
          task.cancel();
          waitFor(task);
        });
    scenarios.put(
        "cancel_after_done_is_refused",
        () -> {
          Task<Integer> task = spawn(() -> 1);
          await(task);
          log(task.cancel(), task.isCancelled(), task.result());
        });
    scenarios.put(
        "cancelling_the_awaiter_cancels_the_awaited_task",
        () -> {
          Task<Void> inner = spawn(() -> sleepLong("inner cancelled"));
          Task<Void> outer = spawn(() -> await(inner));
          yieldNow();
          yieldNow();
          outer.cancel();
          waitFor(outer);
          log(inner.isCancelled(), outer.isCancelled());
        });
    scenarios.put(
        "shield_keeps_the_inner_task_alive",
        () -> {
          Task<Integer> inner =
              spawn(
                  () -> {
                    sleep(millis(5));
                    log("inner completed");
                    return 5;
                  });
          Task<Integer> outer = spawn(() -> shielded(() -> await(inner)));
          yieldNow();
          outer.cancel();
          waitFor(outer);
          log("outer cancelled", outer.isCancelled());
          log(await(inner));
        });
  }

  // ------------------------------------------------------------------ timeouts, groups, gather

  private void scopes() {
    scenarios.put(
        "timeout_raises_timeout_error",
        () -> {
          try {
            withTimeout(millis(5), () -> sleepLong("body cancelled"));
          } catch (TimeoutException e) {
            log("TimeoutError");
          }
          yieldNow();
          log("task usable");
        });
    scenarios.put(
        "inner_timeout_does_not_trip_the_outer",
        () -> {
          withTimeout(
              millis(1000),
              () -> {
                try {
                  withTimeout(millis(5), () -> sleep(Duration.ofSeconds(10)));
                } catch (TimeoutException e) {
                  log("inner");
                }
              });
          log("outer fine");
        });
    scenarios.put(
        "timeout_not_reached_is_silent",
        () -> {
          withTimeout(millis(1000), () -> sleep(millis(1)));
          log("fine");
        });
    scenarios.put(
        "group_waits_for_all_children",
        () -> {
          TaskGroup.run(
              group -> {
                for (int i = 0; i < 3; i++) {
                  int number = i;
                  group.fork(
                      () -> {
                        sleep(millis(3 - number));
                        log("child", number);
                      });
                }
                log("body done");
              });
          log("group done");
        });
    scenarios.put(
        "failing_child_cancels_siblings_and_the_body",
        () -> {
          try {
            TaskGroup.run(
                group -> {
                  group.fork(
                      () -> {
                        sleep(millis(1));
                        throw new ValueError("bad");
                      });
                  group.fork(() -> sleepLong("sibling cancelled"));
                  sleepLong("body cancelled");
                });
          } catch (ValueError e) {
            log("group raised", e.getMessage());
          }
          yieldNow();
          log("parent usable");
        });
    scenarios.put(
        "children_may_fork_children",
        () -> {
          TaskGroup.run(group -> group.fork(() -> countDown(group, 2)));
          log("all done");
        });
    scenarios.put(
        "gather_keeps_argument_order",
        () -> {
          List<AsyncCallable<Integer, RuntimeException>> bodies = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            int number = i;
            bodies.add(
                () -> {
                  sleep(millis(5 - number));
                  return number;
                });
          }
          log(gather(bodies));
        });
    scenarios.put(
        "wait_first_completed",
        () -> {
          List<Task<Integer>> tasks = new ArrayList<>();
          for (int i = 1; i < 4; i++) {
            int number = i;
            tasks.add(
                spawn(
                    () -> {
                      sleep(millis(2 * number));
                      return number;
                    }));
          }
          int first = await(firstCompleted(tasks));
          tasks.removeIf(Task::isDone);
          log(List.of(first), tasks.size());
          tasks.forEach(Task::cancel);
        });
  }

  @Async
  private void countDown(TaskGroup group, int left) {
    log("w", left);
    if (left > 0) {
      group.fork(() -> countDown(group, left - 1));
    }
    yieldNow();
  }

  // ------------------------------------------------------------------ threads

  private void threads() {
    scenarios.put(
        "thread_posts_wake_the_loop",
        () -> {
          EventLoop loop = EventLoop.current();
          Deferred<String> future = loop.createFuture();
          Consumer<String> post = text -> loop.callSoonThreadsafe(() -> future.complete(text));
          new Thread(() -> post.accept("from thread")).start();
          log(await(future));
        });
  }
}
