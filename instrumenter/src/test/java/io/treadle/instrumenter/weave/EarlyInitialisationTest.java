package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;

import org.junit.jupiter.api.Test;

class EarlyInitialisationTest {
  @Test
  void anInterfaceThatWillBeInitialisedWithItsClassesIsReported() {
    check(
            """
            interface I {
              Object CONSTANT = new Object(); // warning
              @Async int f();
            }
            """)
        .says("I gets default methods by weaving", "move its constants to a class");
  }

  @Test
  void anInterfaceThatIsInitialisedWithItsClassesAnywayIsFine() {
    check(
        """
        interface I {
          Object CONSTANT = new Object();
          @Async int f();
          default void g() {}
        }
        """);
  }

  @Test
  void anInterfaceWithoutInitialiserOrWithoutTwinsIsFine() {
    check(
        """
        interface I {
          String CONSTANT = "c";
          @Async int f();
        }
        """);
    check(
        """
        interface J {
          Object CONSTANT = new Object();
          @Async CompletableFuture<String> f();
          @Async static int g() { return 1; }
        }
        """);
  }
}
