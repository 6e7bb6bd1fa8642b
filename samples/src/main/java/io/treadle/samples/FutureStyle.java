package io.treadle.samples;

import static io.treadle.Treadle.await;

import io.treadle.Async;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Async methods at the edge of a program that knows only {@code CompletableFuture}: declared to
 * return one, they can be called from anywhere, with no loop in sight.
 */
public final class FutureStyle {
  private FutureStyle() {}

  /** A program of futures; nothing in it needs to know how {@code Shop} is written. */
  public static void main(String[] args) {
    Shop shop = new Shop();
    CompletableFuture<Integer> tea = shop.price("tea", 3);
    CompletableFuture<Integer> milk = shop.price("milk", 2);
    CompletableFuture<Integer> gold = shop.price("gold", 1);

    System.out.println("together: " + tea.thenCombine(milk, Integer::sum).join());
    System.out.println("gold: " + gold.handle((price, failure) -> failure.getMessage()).join());
  }

  private static final class Shop {
    private static final Executor LATER =
        CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

    /**
     * Starts when it is called and returns its future at the first {@code await} that has to wait;
     * what it throws arrives in the future.
     */
    @Async
    CompletableFuture<Integer> price(String item, int amount) {
      int single = await(priceList(item));
      if (amount > 2) {
        int percent = await(discount());
        return CompletableFuture.completedFuture(amount * single * (100 - percent) / 100);
      }
      return CompletableFuture.completedFuture(amount * single);
    }

    // The two that a real program would have from a library.

    private CompletableFuture<Integer> priceList(String item) {
      return CompletableFuture.supplyAsync(
          () -> {
            switch (item) {
              case "tea":
                return 400;
              case "milk":
                return 120;
              default:
                throw new NoSuchElementException("no " + item + " here");
            }
          },
          LATER);
    }

    private CompletableFuture<Integer> discount() {
      return CompletableFuture.supplyAsync(() -> 10, LATER);
    }
  }
}
