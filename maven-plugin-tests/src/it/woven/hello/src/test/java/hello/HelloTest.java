package hello;

import static io.treadle.Treadle.await;
import static io.treadle.Treadle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.treadle.Async;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HelloTest {
  @Test
  void aLambdaInATestIsWoven() {
    assertEquals("Hello,,, test!", run(() -> Hello.greet("test")));
  }

  @Test
  void aMethodInATestIsWoven() {
    assertEquals("Hello,,, a & Hello,,, b", run(this::both));
  }

  @Async
  private String both() {
    return (Hello.greet("a") + " & " + Hello.greet("b")).replace("!", "");
  }

  @Test
  void aFutureStyleMethodOfATestIsWoven() {
    assertEquals(42, later(41).join());
  }

  @Async
  private CompletableFuture<Integer> later(int i) {
    int got =
        await(
            CompletableFuture.supplyAsync(
                () -> i, CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)));
    return CompletableFuture.completedFuture(got + 1);
  }

  @Test
  void plainCodeIsRefused() {
    var refused =
        assertThrows(
            IllegalStateException.class,
            () -> {
              try {
                Hello.class.getDeclaredMethod("greet", String.class).invoke(null, "x");
              } catch (java.lang.reflect.InvocationTargetException e) {
                throw e.getCause();
              }
            });
    assertEquals(true, refused.getMessage().contains("greet"), refused.getMessage());
  }
}
