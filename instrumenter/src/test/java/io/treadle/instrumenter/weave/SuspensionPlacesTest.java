package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Diagnosed;
import io.treadle.instrumenter.Program;
import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.Weaver;
import org.junit.jupiter.api.Test;

class SuspensionPlacesTest {
  @Test
  void aConstructorCannotSuspend() {
    check(
            """
            class A {
              A(CompletableFuture<?> f) {
                super();
                await(f); // error
              }
            }
            """)
        .says(
            "Treadle.await(CompletionStage) may suspend", "a constructor", "@Async static method");
  }

  @Test
  void aFieldInitialiserCannotSuspend() {
    check(
            """
            class A {
              static final CompletableFuture<String> F = new CompletableFuture<>();
              final String s = await(F); // error
              A() {
              }
            }
            """)
        .says("field initialiser");
  }

  @Test
  void theArgumentsOfSuperAndThisCannotSuspend() {
    check(
            """
            class A extends Exception {
              A(CompletableFuture<String> f, boolean b) {
                super(b ? "x" : await(f)); // error
              }
              A(CompletableFuture<String> f) {
                this(f, Boolean.valueOf(
                    await(f))); // error
              }
            }
            """)
        .says("arguments of super(...) and this(...)");
  }

  @Test
  void anObjectUnderConstructionInAConstructorIsNotThis() {
    check(
            """
            class A {
              Object o;
              A(CompletableFuture<String> f) {
                o = new StringBuilder(
                    await(f)); // error
              }
            }
            """)
        .says("a constructor or field initialiser");
  }

  @Test
  void aStaticInitialiserCannotSuspend() {
    check(
            """
            class A {
              static final String S = await(new CompletableFuture<String>()); // error
              static {
                sleep(Duration.ZERO); // error
              }
            }
            """)
        .says("a static initialiser");
  }

  @Test
  void anAsyncLambdaInAStaticInitialiserCan() {
    check(
        """
        class A {
          static final AsyncRunnable<Exception> R = () -> sleep(Duration.ZERO);
          static final AsyncCallable<String, Exception> C = A::f;
          @Async static String f() {
            return await(new CompletableFuture<String>());
          }
        }
        """);
  }

  @Test
  void theLambdaOfAStreamCannotSuspend() {
    check(
            """
            class A {
              @Async static List<String> f(List<CompletableFuture<String>> all) {
                return all.stream()
                    .map(f -> {
                      return await(f); // error
                    })
                    .toList();
              }
            }
            """)
        .says(
            "a lambda for Function", "Function.apply is not @Async", "map", "loop", "gather(...)");
  }

  @Test
  void theLambdaOfAPlainInterfaceIsToldItsAsyncKin() {
    assertThat(
            check(
                    """
                    class A {
                      @Async static void f(CompletableFuture<String> f) {
                        Runnable run = () ->
                            sleep(Duration.ZERO); // error
                        Callable<String> call = () ->
                            await(f); // error
                        Blocking<String, RuntimeException> work = () ->
                            await(f); // error
                        BinaryOperator<String> both = (a, b) ->
                            await(f); // error
                      }
                    }
                    """)
                .messages())
        .satisfiesExactly(
            m -> assertThat(m).contains("Runnable.run", "AsyncRunnable"),
            m -> assertThat(m).contains("Callable.call", "AsyncCallable"),
            m -> assertThat(m).contains("Blocking.call", "another thread"),
            m -> assertThat(m).contains("BinaryOperator.apply", "of your own"));
  }

  @Test
  void aPlainLambdaInsideAnAsyncOneCannotSuspend() {
    check(
            """
            class A {
              static void f(CompletableFuture<String> f) {
                run(() -> {
                  Runnable r = () -> {
                    await(f); // error
                  };
                });
              }
            }
            """)
        .says("a lambda for Runnable");
  }

  @Test
  void aMethodReferenceForAPlainInterfaceCannotSuspend() {
    check(
            """
            class A {
              @Async int f(String s) {
                return 0;
              }
              void g(List<String> all, A a) {
                all.stream().map(this::f); // error
                ToIntBiFunction<A, String> h = A::f; // error
                AsyncFunction<String, Integer, Exception> i = this::f;
              }
            }
            """)
        .says("f(String) may suspend", "a method reference for");
  }

  @Test
  void aMethodReferenceForAFutureStyleInterfaceCannotSuspend() {
    check(
            """
            class A {
              interface Fetch {
                @Async CompletableFuture<String> fetch(CompletableFuture<CompletableFuture<String>> f);
              }
              void g() {
                Fetch f = Treadle::await; // error
                Fetch g = a -> await(a);
              }
            }
            """)
        .says("Fetch.fetch is future style", "write a lambda");
  }

  @Test
  void plainCodeCannotCallDirectStyle() {
    check(
            """
            class A {
              @Async String f() {
                return "";
              }
              String g() {
                return f(); // error
              }
            }
            """)
        .says("f() is @Async", "mark g() @Async", "Treadle.run(() -> ...)", "@PlainCalls");
  }

  @Test
  void plainCodeCanCallFutureStyle() {
    check(
        """
        class A {
          @Async CompletableFuture<String> f() {
            return CompletableFuture.completedFuture(await(new CompletableFuture<String>()));
          }
          Object g() {
            return f();
          }
        }
        """);
  }

  @Test
  void mainIsToldToRun() {
    assertThat(
            check(
                    """
                    class A {
                      public static void main(String[] args) {
                        sleep(Duration.ZERO); // error
                      }
                    }
                    """)
                .messages())
        .singleElement()
        .asString()
        .contains("Treadle.run(() -> ...)")
        .doesNotContain("mark main");
  }

  @Test
  void aMethodThatPlainCallersReachIsNotToldToBecomeAsync() {
    assertThat(
            check(
                    """
                    class A implements Runnable {
                      public void run() {
                        sleep(Duration.ZERO); // error
                      }
                    }
                    """)
                .messages())
        .singleElement()
        .asString()
        .contains("run() overrides Runnable.run, which is not")
        .doesNotContain("mark");
  }

  @Test
  void aCallThroughASubclassOrAnInterfaceIsFound() {
    check(
        """
        class A {
          interface I<T> {
            @Async T get();
          }
          interface J extends I<String> {}
          static class K {
            @Async int n() {
              return 0;
            }
          }
          static class L extends K {}
          Object f(J j, L l) {
            j.get(); // error
            return l.n(); // error
          }
        }
        """);
  }

  @Test
  void bridgesAreNoCode() {
    check(
        """
        class A {
          interface I<T> {
            @Async T get(T t);
          }
          static class K implements I<String> {
            @Async public String get(String s) {
              return s;
            }
          }
        }
        """);
  }

  @Test
  void accessorsOfOldCompilersAreNoPlainCode() {
    Program program =
        Program.ofOptions(
            java.util.List.of("--release", "8"),
            """
            package p;
            class A {
              @io.treadle.Async private int n(int i) { return i; }
              class B {
                @io.treadle.Async int m() { return n(1); }
              }
            }
            """);
    assertThat(program.diagnostics()).isEmpty();
    program.woven().load();
  }

  @Test
  void plainCallsAreExemptWithTheLambdasInside() {
    check(
        """
        class A {
          @Async String f() {
            return "";
          }
          @PlainCalls A() {
            f();
          }
          @PlainCalls void test(A mock) {
            Object o = mock.f();
            Runnable r = () -> {
              Supplier<String> s = () -> mock.f();
            };
            Callable<String> c = mock::f;
          }
          void other(A mock) {
            Runnable r = () -> mock.f(); // error
          }
        }
        """);
  }

  @Test
  void aStubThatDrivesMayBeCalledAnywhere() {
    String source =
        """
        class A {
          final int i = f();
          static final int J = new A().f();
          @Async int f() {
            return 0;
          }
          int g() {
            Supplier<Integer> s = this::f;
            Supplier<Integer> t = () -> f();
            return f();
          }
        }
        """;
    Program program = Diagnosed.compile(source);
    Weaver drive = Weaver.of(program).withStubs(StubPolicy.DRIVE);
    check(source, program.diagnostics(drive));
    program.woven(drive).load();
  }
}
