package io.treadle;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.offload;
import static io.treadle.Treadle.sleep;
import static io.treadle.Treadle.suspend;
import static io.treadle.Treadle.withTimeout;
import static io.treadle.Treadle.yieldNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ContinuationTest {
  private final List<Object> log = new ArrayList<>();

  @Async
  private void count(String name, int times) {
    for (int i = 0; i < times; i++) {
      log.add(name + i);
      Continuation.pause();
    }
  }

  @Test
  void runsFromPauseToPause() {
    Continuation a = Continuation.of(() -> count("a", 2));
    Continuation b = Continuation.of(() -> count("b", 1));
    assertThat(log).isEmpty();
    a.run();
    b.run();
    a.run();
    assertThat(a.isDone()).isFalse();
    a.run();
    b.run();
    assertThat(a.isDone()).isTrue();
    assertThat(b.isDone()).isTrue();
    assertThat(log).containsExactly("a0", "b0", "a1");
  }

  @Test
  void isOneShot() {
    Continuation c = Continuation.of(() -> log.add("ran"));
    c.run();
    assertThatThrownBy(c::run).isInstanceOf(IllegalStateException.class);
    assertThat(log).containsExactly("ran");
  }

  @Test
  void cannotRunItself() {
    Continuation[] c = new Continuation[1];
    c[0] = Continuation.of(() -> c[0].run());
    assertThatThrownBy(c[0]::run).hasMessageContaining("running");
    assertThat(c[0].isDone()).isTrue();
  }

  @Test
  void rethrowsWhatTheBodyThrew() {
    IOException failure = new IOException("boom");
    for (boolean pauses : new boolean[] {false, true}) {
      Continuation c =
          Continuation.of(
              () -> {
                if (pauses) {
                  Continuation.pause();
                }
                throw failure;
              });
      if (pauses) {
        c.run();
      }
      assertThatThrownBy(c::run).isSameAs(failure);
      assertThat(c.isDone()).isTrue();
    }
  }

  @Test
  void mayGoOnAnotherThread() throws InterruptedException {
    Continuation c =
        Continuation.of(
            () -> {
              Thread first = Thread.currentThread();
              Continuation.pause();
              log.add(Thread.currentThread() == first);
            });
    c.run();
    Thread thread = new Thread(c::run);
    thread.start();
    thread.join();
    assertThat(log).containsExactly(false);
  }

  @Test
  void hasNoLoopToWaitWith() {
    refused(() -> sleep(Duration.ofMillis(1)));
    refused(() -> yieldNow());
    refused(() -> await(new CompletableFuture<>()));
    refused(() -> suspend(resumer -> {}));
    refused(() -> offload(() -> 1));
    refused(() -> withTimeout(Duration.ofMillis(1), () -> {}));
    refused(() -> TaskGroup.run(group -> {}));
    Continuation done = Continuation.of(() -> await(CompletableFuture.completedFuture(1)));
    done.run();
    assertThat(done.isDone()).isTrue();
  }

  private static void refused(AsyncRunnable<?> body) {
    assertThatThrownBy(Continuation.of(body)::run).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void pauseIsRefusedOutsideAContinuation() {
    assertThatThrownBy(() -> Treadle.run(() -> Continuation.pause()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("outside a continuation");
  }
}
