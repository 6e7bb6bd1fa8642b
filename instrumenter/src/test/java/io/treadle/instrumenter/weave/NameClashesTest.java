package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Diagnosed;
import org.junit.jupiter.api.Test;

class NameClashesTest {
  @Test
  void aMethodWithTheNameAndParametersOfATwinIsAnError() {
    check(
            """
            class A {
              @Async int f(int i) {
                return i;
              }
              int f(int i, io.treadle.continuation.Coroutine c) {
                return i; // error
              }
            }
            """)
        .says("f(int, Coroutine) has the name and parameters", "the twin of f(int)", "rename it");
  }

  @Test
  void aMethodWithTheNameOfABodyIsAnError() {
    check(
        """
        class A {
          @Async static int f() {
            return 0;
          }
          static int lambda$f$async(io.treadle.continuation.Coroutine c) {
            return 0; // error
          }
        }
        """);
  }

  @Test
  void theDispatcherOfAnInterfaceIsTakenToo() {
    assertThat(
            Diagnosed.compile(
                    """
                    interface A {
                      @Async int f();
                      static int f$dispatch(A a, io.treadle.continuation.Coroutine c) { return 0; }
                    }
                    """)
                .diagnostics())
        .singleElement()
        .asString()
        .startsWith("p/A.java:3: error: f$dispatch(A, Coroutine) has the name");
  }

  @Test
  void overloadsThatDifferInTheReceiverDoNotClash() {
    String source =
        """
        class A {
          @Async void f() {
            sleep(Duration.ZERO);
          }
          @Async static void f(A a) {
            a.f();
            f(a);
          }
          @Async void lambda$f() {
            Runnable r = () -> {};
            AsyncRunnable<Exception> s = () -> f();
            lambda$f();
          }
        }
        """;
    check(source);
    Diagnosed.compile(source).woven().load();
  }
}
