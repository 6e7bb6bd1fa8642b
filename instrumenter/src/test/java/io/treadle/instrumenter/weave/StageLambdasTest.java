package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;

import org.junit.jupiter.api.Test;

class StageLambdasTest {
  private static final String FETCH =
      "class A { static CompletableFuture<String> fetch() { return null; } ";

  @Test
  void aLambdaWhoseValueIsAFutureIsReported() {
    check(
            FETCH
                + """
                void f() {
                    spawn(() -> fetch()); // warning
                    spawn(() -> {
                      sleep(Duration.ZERO);
                      return fetch().thenApply(s -> s); // warning
                    });
                    AsyncCallable<Object, Exception> o = () -> fetch(); // warning
                    AsyncFunction<String, CompletionStage<String>, Exception> g =
                        s -> fetch(); // warning
                  }
                }
                """)
        .says("the value of this lambda is a Comple", "write await(...)");
  }

  @Test
  void aMethodReferenceWhoseValueIsAFutureIsReported() {
    check(
        FETCH
            + """
            void f() {
                AsyncCallable<CompletionStage<String>, Exception> g = A::fetch; // warning
              }
            }
            """);
  }

  @Test
  void aLambdaThatAwaitsIsFine() {
    check(
        FETCH
            + """
            void f() {
                spawn(() -> await(fetch()));
                AsyncCallable<List<CompletableFuture<String>>, Exception> many = () -> List.of(fetch());
                AsyncCallable<CompletableFuture<?>[], Exception> array = () -> null;
              }
            }
            """);
  }

  @Test
  void anInterfaceThatReturnsAFutureWantsOne() {
    check(
        FETCH
            + """
            interface Fetch {
                @Async CompletableFuture<String> get();
              }
              void f() {
                Fetch f = () -> fetch();
              }
            }
            """);
  }

  @Test
  void aPlainLambdaMayHaveAFuture() {
    check(FETCH + "void f() { Supplier<Object> s = () -> fetch(); } }");
  }

  @Test
  void aLambdaWithoutAValueThatOnlyDropsAFutureIsReported() {
    check(
        FETCH
            + """
            void f() {
                AsyncRunnable<Exception> r = () -> fetch(); // warning
                AsyncRunnable<Exception> s = A::fetch; // warning
              }
            }
            """);
  }

  @Test
  void aLambdaThatSuspendsAndThenDropsAFutureKnowsWhatItDoes() {
    check(
        FETCH
            + """
            void f() {
                AsyncRunnable<Exception> r = () -> {
                  sleep(Duration.ZERO);
                  fetch();
                };
                AsyncRunnable<Exception> s = () -> {
                  fetch();
                  System.out.println();
                };
              }
            }
            """);
  }

  @Test
  void aDroppedFutureIsReportedOnce() {
    check(
        """
        class A {
          @Async static CompletableFuture<Void> save() {
            return null;
          }
          AsyncRunnable<Exception> r = () -> save(); // warning
        }
        """);
  }
}
