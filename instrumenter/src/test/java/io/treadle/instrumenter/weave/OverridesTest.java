package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Diagnosed;
import org.junit.jupiter.api.Test;

class OverridesTest {
  @Test
  void anOverrideOfADirectStyleMethodMustBeAsync() {
    check(
            """
            class A {
              @Async int f() {
                return 0;
              }
              static class B extends A {
                int f() {
                  return 1; // error
                }
              }
              static class C extends B {}
              static class D extends C {
                int f() {
                  return 2; // error
                }
              }
            }
            """)
        .says("f() overrides A.f(), which is @Async");
  }

  @Test
  void anImplementationThroughABridgeMustBeAsync() {
    check(
            """
            class A {
              interface I<T> {
                @Async T get(T t);
              }
              static class B implements I<String> {
                public String get(String s) {
                  return s; // error
                }
              }
            }
            """)
        .says("get(String) overrides A.I.get(Object), which is @Async");
  }

  @Test
  void whatTheMissingAnnotationCausesIsNotSaidTwice() {
    check(
        """
        class A {
          interface I {
            @Async void f();
          }
          static class B implements I {
            public void f() {
              sleep(Duration.ZERO); // error
            }
          }
        }
        """);
  }

  @Test
  void anOverrideOfAFutureStyleMethodNeedNotBeAsync() {
    check(
        """
        class A {
          @Async CompletionStage<String> f() {
            return null;
          }
          static class B extends A {
            CompletionStage<String> f() {
              return null;
            }
          }
          static class C extends A {
            @Async CompletableFuture<String> f() {
              return null;
            }
          }
        }
        """);
  }

  @Test
  void whatDoesNotOverrideIsFree() {
    check(
        """
        class A {
          @Async private int f() {
            return 0;
          }
          @Async static int g() {
            return 0;
          }
          @Async int h(int i) {
            return 0;
          }
          static class B extends A {
            int f() {
              return 1;
            }
            static int g() {
              return 1;
            }
            int h(long i) {
              return 1;
            }
          }
        }
        """);
  }

  @Test
  void anOverrideCannotTurnDirectStyleIntoFutureStyle() {
    check(
            """
            class A {
              interface I<T> {
                @Async T get();
              }
              static class B implements I<CompletableFuture<String>> {
                @Async public CompletableFuture<String> get() {
                  return null; // error
                }
              }
              static class C {
                @Async Object get() {
                  return null;
                }
              }
              static class D extends C {
                @Async Task<String> get() {
                  return null; // error
                }
              }
            }
            """)
        .says("which would make it future style", "get(), which is direct style");
  }

  @Test
  void aMethodThatIsAskedForBothStylesIsAnError() {
    check(
        """
        class A {
          interface I {
            @Async CompletionStage<String> get();
          }
          interface J {
            @Async Object get();
          }
          static class B implements I, J {
            @Async public CompletableFuture<String> get() {
              return null; // error
            }
          }
        }
        """);
  }

  @Test
  void aClassThatOnlyInheritsAPlainImplementationIsFine() {
    String source =
        """
        class A {
          interface I {
            @Async int get();
          }
          static class B {
            public int get() {
              return 1;
            }
          }
          static class C extends B implements I {}
        }
        """;
    check(source);
    Diagnosed.compile(source).woven().load();
  }

  @Test
  void anAbstractOverrideHasNoLineButItsFile() {
    assertThat(
            Diagnosed.compile(
                    """
                    class A {
                      interface I { @Async int get(); }
                      interface J extends I { int get(); }
                    }
                    """)
                .diagnostics())
        .singleElement()
        .asString()
        .startsWith("p/A.java: error: get() overrides A.I.get(), which is @Async");
  }
}
