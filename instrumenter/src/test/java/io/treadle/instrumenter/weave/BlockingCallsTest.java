package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockingCallsTest {
  @Test
  void callsThatBlockTheThreadAreReported() {
    assertThat(
            check(
                    """
                    class A {
                      @Async static void f(
                          Thread t, CompletableFuture<?> c, Future<?> u, Task<?> k, CountDownLatch l,
                          ArrayBlockingQueue<String> q, Semaphore s, ForkJoinPool p, Object o)
                          throws Exception {
                        Thread.sleep(1); // warning
                        TimeUnit.SECONDS.sleep(1); // warning
                        t.join(); // warning
                        t.join(5); // warning
                        c.join(); // warning
                        c.get(); // warning
                        c.get(1, TimeUnit.SECONDS); // warning
                        u.get(); // warning
                        k.get(); // warning
                        l.await(); // warning
                        l.await(1, TimeUnit.SECONDS); // warning
                        q.take(); // warning
                        q.poll(1, TimeUnit.SECONDS); // warning
                        s.acquire(); // warning
                        s.tryAcquire(1, TimeUnit.SECONDS); // warning
                        p.awaitTermination(1, TimeUnit.SECONDS); // warning
                        synchronized (o) {
                          o.wait(); // warning
                        }
                      }
                    }
                    """)
                .says("blocks the thread", "event loop: use")
                .messages())
        .contains(
            "Thread.sleep(long) blocks the thread, and with it all tasks of its event loop: use"
                + " sleep(duration)",
            "CompletableFuture.join() blocks the thread, and with it all tasks of its event loop: use"
                + " await(...)");
  }

  @Test
  void callsThatDoNotBlockAreFine() {
    check(
        """
        class A {
          static class Store extends CompletableFuture<String> {
            String get(int key) {
              return "";
            }
            void wait(String s) {}
          }
          @Async static void f(CompletableFuture<?> c, LinkedBlockingQueue<String> q, Semaphore s,
              Map<String, String> m, Store store, StringJoiner j) {
            c.getNow(null);
            c.isDone();
            q.poll();
            q.offer("");
            s.tryAcquire();
            m.get("");
            m.put("", "");
            store.get(1);
            store.wait("");
            await(c);
          }
        }
        """);
  }

  @Test
  void onlyCodeThatRunsOnALoopIsLookedAt() {
    check(
        """
        class A {
          void plain() throws Exception {
            Thread.sleep(1);
          }
          @Async void f() throws Exception {
            offload(() -> {
              Thread.sleep(1);
              return null;
            });
          }
          void g() throws Exception {
            AsyncRunnable<Exception> r = () -> {
              Thread.sleep(1); // warning
            };
            AsyncCallable<String, Exception> s = new CompletableFuture<String>()::get; // warning
          }
          @Async CompletableFuture<String> h() throws Exception {
            Thread.sleep(1); // warning
            return null;
          }
        }
        """);
  }
}
