package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Suspension;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Case 47: a cancellation that arrives exactly at the resume. */
final class CancellationTest {
  private static final Program PROGRAM =
      Program.compile(
          SourceCompiler.JAVAC,
          """
          package demo;
          import io.treadle.Async;
          import io.treadle.continuation.*;
          class Case {
            @Async static Object get(Object[] log) { throw new AssertionError(); }
            @Twin static Object get(Object[] log, Coroutine c) {
              Suspension<Object> suspension = Suspension.of(c, "get");
              log[1] = suspension;
              return suspension.await();
            }
            @Async static Object run(Object[] log) {
              Object got = "nothing";
              try {
                got = get(log);
                log[0] = log[0] + "+" + got;
              } catch (java.util.concurrent.CancellationException e) {
                log[0] = log[0] + "-" + e.getMessage() + "," + got;
              } finally {
                log[0] = log[0] + ";";
              }
              try {
                got = get(log);
              } finally {
                log[0] = log[0] + "end," + got;
              }
              return log[0];
            }
          }
          """);

  /** Runs the program above; what happens to its suspensions is the test's business. */
  private static final class Run extends Coroutine {
    final Object[] log = {"", null};
    private Suspension<?> woken;

    void start() throws Exception {
      Class<?> type = Class.forName("demo.Case", false, PROGRAM.load());
      Method twin = type.getDeclaredMethod("run", Object[].class, Coroutine.class);
      twin.setAccessible(true);
      twin.invoke(null, log, this);
      unwound();
      assertThat(handOver()).isTrue();
    }

    @SuppressWarnings("unchecked") // the program makes no other
    Suspension<Object> suspension() {
      return (Suspension<Object>) log[1];
    }

    @Override
    protected void admit(String what) {}

    @Override
    protected synchronized void wake(Suspension<?> suspension) {
      woken = suspension;
    }

    /** Goes on with the outcome that won: the cancellation or the resume. */
    void goOn(boolean cancelled) {
      synchronized (this) {
        assertThat(woken == null).isEqualTo(cancelled);
        if (cancelled) {
          fail(new CancellationException("cancelled"));
        } else {
          resumeWith(woken);
          woken = null;
        }
      }
      if (!resume()) {
        assertThat(handOver()).isTrue();
      }
    }

    Object result() {
      return takeRef();
    }
  }

  @Test
  void cancellationBeforeTheResume() throws Exception {
    Run run = new Run();
    run.start();
    assertThat(run.suspension().cancel()).isTrue();
    assertThat(run.suspension().resume("late")).isFalse();
    assertThat(run.suspension().cancel()).isFalse();
    run.goOn(true);
    assertThat(run.suspension().resume("second")).isTrue();
    run.goOn(false);
    assertThat(run.result()).isEqualTo("-cancelled,nothing;end,second");
  }

  @Test
  void cancellationAfterTheResume() throws Exception {
    Run run = new Run();
    run.start();
    assertThat(run.suspension().resume("first")).isTrue();
    assertThat(run.suspension().cancel()).isFalse(); // resumed, and not running yet
    run.goOn(false);
    assertThat(run.suspension().cancel()).isTrue();
    List<String> called = new ArrayList<>();
    run.suspension().onCancel(() -> called.add("too late, and still called"));
    assertThat(called).hasSize(1);
    assertThat(run.log[0]).isEqualTo("+first;");
  }

  @Test
  void cancellationAndResumeOnTwoThreadsAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CyclicBarrier barrier = new CyclicBarrier(2);
    try {
      for (int round = 0; round < 300; round++) {
        Run run = new Run();
        run.start();
        Suspension<Object> suspension = run.suspension();
        Future<Boolean> resumed =
            threads.submit(
                () -> {
                  barrier.await();
                  return suspension.resume("value");
                });
        Future<Boolean> cancelled =
            threads.submit(
                () -> {
                  barrier.await();
                  return suspension.cancel();
                });
        assertThat(cancelled.get()).isNotEqualTo(resumed.get());
        run.goOn(cancelled.get());
        assertThat(run.log[0]).isEqualTo(cancelled.get() ? "-cancelled,nothing;" : "+value;");
        assertThat(run.suspension()).isNotSameAs(suspension);
      }
    } finally {
      threads.shutdown();
    }
  }
}
