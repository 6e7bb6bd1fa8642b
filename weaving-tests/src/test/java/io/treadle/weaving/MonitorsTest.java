package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.failing;
import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Async;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.ThreeWays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cases 48 to 50: a monitor belongs to a thread, so nothing suspends while one is held. */
final class MonitorsTest {
  private final Object lock = new Object();
  private final Object other = new Object();
  private int n;

  // ------------------------------------------------------------------ legal

  @ThreeWays
  @Async
  void blocksBeforeAndAfterTheSuspension() {
    synchronized (lock) {
      n++;
    }
    pause();
    synchronized (lock) {
      n++;
      log(n, Thread.holdsLock(lock));
    }
    log(value(n), Thread.holdsLock(lock));
    synchronized (value(lock)) {
      n += 2;
    }
    log(n, value(1));
  }

  @ThreeWays
  @Async
  void blocksInLoopsAndConditionsBetweenSuspensions() {
    for (int i = 0; i < 3; i++) {
      synchronized (this) {
        if (i == 1) {
          continue;
        }
        n += i;
      }
      pause();
      if (value(i) == 2) {
        synchronized (lock) {
          n++;
          break;
        }
      }
      pause();
    }
    log(n, Thread.holdsLock(this), Thread.holdsLock(lock));
  }

  @ThreeWays
  @Async
  void failureInABlockThatIsHandledOutsideByCodeThatSuspends() {
    for (int i = 0; i < 3; i++) {
      try {
        pause();
        synchronized (lock) {
          n++;
          refuse(i);
        }
        pause();
      } catch (IllegalStateException e) {
        log(e, Thread.holdsLock(lock));
        pause();
        log(value(e.getMessage()));
      } finally {
        value("finally");
      }
    }
    log(n);
  }

  private static void refuse(int i) {
    if (i == 1) {
      throw new IllegalStateException("refused");
    }
  }

  @ThreeWays
  @Async
  void failureInABlockWithTheFinallyOfTheWholeBody() {
    try {
      synchronized (lock) {
        synchronized (other) {
          n += 3;
        }
        refuse(n / 3);
      }
    } finally {
      log(value("finally"), Thread.holdsLock(lock), Thread.holdsLock(other));
    }
  }

  @ThreeWays
  @Async
  void handlersInsideABlock() {
    synchronized (lock) {
      try {
        refuse(1);
      } catch (IllegalStateException e) {
        log(e, Thread.holdsLock(lock));
      } finally {
        n++;
      }
    }
    pause();
    log(n, Thread.holdsLock(lock));
  }

  @ThreeWays
  @Async
  void nestedMonitorsAndTheSameOneTwice() {
    pause();
    synchronized (lock) {
      synchronized (other) {
        synchronized (lock) {
          n++;
        }
        log(Thread.holdsLock(lock), Thread.holdsLock(other));
      }
      log(Thread.holdsLock(lock), Thread.holdsLock(other));
    }
    log(value(n), Thread.holdsLock(lock), Thread.holdsLock(other));
    try {
      synchronized (lock) {
        synchronized (lock) {
          synchronized (other) {
            refuse(1);
          }
        }
      }
    } catch (IllegalStateException e) {
      log(value(1), e, Thread.holdsLock(lock), Thread.holdsLock(other));
    }
  }

  @ThreeWays
  @Async
  void returnOutOfABlock() {
    log(returned(true), returned(false), Thread.holdsLock(lock));
  }

  @Async
  int returned(boolean early) {
    pause();
    synchronized (lock) {
      if (early) {
        return 1;
      }
    }
    return value(2);
  }

  @Async
  synchronized String locked(String s) {
    n++;
    return s + Thread.holdsLock(this);
  }

  @Async
  static synchronized long lockedStatically(long x, boolean fails) {
    if (fails) {
      throw new IllegalStateException("fails");
    }
    return Thread.holdsLock(MonitorsTest.class) ? x : -1;
  }

  @ThreeWays
  @Async
  void synchronizedMethodsThatDoNotSuspend() {
    pause();
    log(locked("s"), lockedStatically(value(5L), false), n);
    try {
      log(lockedStatically(1, true));
    } catch (IllegalStateException e) {
      log(e, Thread.holdsLock(this), Thread.holdsLock(MonitorsTest.class));
    }
    log(value(1), Thread.holdsLock(this), Thread.holdsLock(MonitorsTest.class));
  }

  @ThreeWays
  @Async
  void monitorOfNullFailsAfterASuspension() {
    Object none = value((Object) null);
    try {
      synchronized (none) {
        log("not reached");
      }
    } catch (NullPointerException e) {
      failing(new IllegalStateException("end"));
    }
  }

  // ------------------------------------------------------------------ errors

  private static List<String> messages(SourceCompiler compiler, String body) {
    Program program =
        Program.compile(
            compiler,
            """
            package demo;
            import static io.treadle.weaving.harness.Points.*;
            import io.treadle.Async;
            class Case {
              final Object lock = new Object();
              final Object other = new Object();
              static void plain() {}
            """
                + body
                + "\n}\n");
    List<String> messages = program.weave().messages();
    if (!messages.isEmpty()) {
      assertThat(program.weave().classFiles()).isEqualTo(program.classFiles());
    }
    return messages;
  }

  @ParameterizedTest
  @EnumSource
  void suspensionInASynchronizedBlockIsAnErrorWithItsLine(SourceCompiler compiler) {
    List<String> messages =
        messages(
            compiler,
            """
            @Async void m() {
              synchronized (lock) {
                pause();
                plain();
                value(1);
              }
              pause();
            }
            """);
    assertThat(messages)
        .satisfiesExactly(
            m -> assertThat(m).startsWith("demo/Case.java:10: error: ").contains("synchronized"),
            m -> assertThat(m).startsWith("demo/Case.java:12: error: ").contains("synchronized"));
  }

  @ParameterizedTest
  @EnumSource
  void suspensionBetweenTheEndsOfTwoNestedBlocksIsAnError(SourceCompiler compiler) {
    List<String> messages =
        messages(
            compiler,
            """
            @Async void m() {
              synchronized (lock) {
                synchronized (other) {
                  plain();
                }
                pause();
              }
              synchronized (lock) {
                synchronized (lock) {
                  plain();
                }
                pause();
              }
            }
            """);
    assertThat(messages)
        .satisfiesExactly(
            m -> assertThat(m).startsWith("demo/Case.java:13: error: "),
            m -> assertThat(m).startsWith("demo/Case.java:19: error: "));
  }

  @ParameterizedTest
  @EnumSource
  void suspensionInAHandlerInsideABlockIsAnError(SourceCompiler compiler) {
    List<String> messages =
        messages(
            compiler,
            """
            @Async void m() {
              synchronized (lock) {
                try {
                  plain();
                } catch (RuntimeException e) {
                  pause();
                }
              }
              for (int i = 0; i < 2; i++) {
                synchronized (lock) {
                  if (i == 0) {
                    value(i);
                  }
                }
              }
            }
            """);
    assertThat(messages)
        .satisfiesExactly(
            m -> assertThat(m).startsWith("demo/Case.java:13: error: "),
            m -> assertThat(m).startsWith("demo/Case.java:19: error: "));
  }

  @ParameterizedTest
  @EnumSource
  void synchronizedMethodThatSuspendsIsAnError(SourceCompiler compiler) {
    List<String> messages =
        messages(
            compiler,
            """
            @Async synchronized void m() {
              pause();
            }
            @Async static synchronized void s() {
              plain();
              pause();
            }
            """);
    assertThat(messages)
        .satisfiesExactly(
            m -> assertThat(m).startsWith("demo/Case.java:9: error: ").contains("m()"),
            m -> assertThat(m).startsWith("demo/Case.java:12: error: ").contains("s()"));
  }
}
