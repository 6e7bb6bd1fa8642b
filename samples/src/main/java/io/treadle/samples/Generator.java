package io.treadle.samples;

import io.treadle.Async;
import io.treadle.Continuation;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A body that pauses, and no loop: a tree is walked by a recursive method, and an iterator over it
 * is that walk, paused at each value.
 */
public final class Generator {
  private Generator() {}

  /** Prints the values of a tree in order. */
  public static void main(String[] args) {
    Tree left = new Tree(new Tree(null, "a", null), "b", new Tree(null, "c", null));
    Tree tree = new Tree(left, "d", new Tree(null, "e", null));
    for (String value : tree) {
      System.out.println(value);
    }
  }

  private record Tree(@Nullable Tree left, String value, @Nullable Tree right)
      implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return new Walk(this);
    }
  }

  private static final class Walk implements Iterator<String> {
    private final Queue<String> ahead = new ArrayDeque<>();
    private final Continuation rest;

    Walk(Tree tree) {
      rest = Continuation.of(() -> visit(tree));
    }

    // Pauses in the depth of the recursion; the next run() goes on there.
    @Async
    private void visit(@Nullable Tree tree) {
      if (tree == null) {
        return;
      }
      visit(tree.left());
      ahead.add(tree.value());
      Continuation.pause();
      visit(tree.right());
    }

    @Override
    public boolean hasNext() {
      if (ahead.isEmpty() && !rest.isDone()) {
        rest.run(); // to the next value, or to the end
      }
      return !ahead.isEmpty();
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ahead.remove();
    }
  }
}
