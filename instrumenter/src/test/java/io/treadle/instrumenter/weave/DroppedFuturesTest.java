package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DroppedFuturesTest {
  private static final String SAVE =
      "class A { @Async static CompletableFuture<Void> save(String s) { return null; } ";

  @Test
  void aFutureThatNobodyKeepsIsReported() {
    assertThat(
            check(
                    SAVE
                        + """
                        @Async void f() {
                            save("a"); // warning
                          }
                          void g() {
                            save("b"); // warning
                          }
                        }
                        """)
                .messages())
        .satisfiesExactly(
            m -> assertThat(m).contains("save(String) is dropped", "write await(save(...))"),
            m -> assertThat(m).contains("save(String) is dropped").doesNotContain("await("));
  }

  @Test
  void aFutureThatIsUsedIsFine() {
    check(
        SAVE
            + """
            @Async Object f() {
                var kept = save("a");
                await(save("b"));
                save("c").whenComplete((v, t) -> {});
                return save("d");
              }
            }
            """);
  }

  @Test
  void aLambdaThatReturnsNothingDropsTheFutureToo() {
    check(
        SAVE
            + """
            void f(List<String> all) {
                all.forEach(s -> save(s)); // warning
                all.forEach(A::save); // warning
                AsyncRunnable<Exception> r = () -> save("b"); // warning
              }
            }
            """);
  }

  @Test
  void theFutureOfAnUnrelatedCallIsNoConcernOfOurs() {
    check(
        """
        class A {
          void f(CompletableFuture<String> f) {
            f.thenApply(s -> s);
            spawn(() -> sleep(Duration.ZERO));
          }
        }
        """);
  }

  @Test
  void theVerificationOfAMockIsFine() {
    check(
        SAVE
            + """
            @PlainCalls void test() {
                save("a");
                Consumer<String> c = A::save;
              }
            }
            """);
  }
}
