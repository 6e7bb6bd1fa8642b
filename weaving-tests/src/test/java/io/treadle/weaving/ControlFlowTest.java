package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.failing;
import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;

import io.treadle.Async;
import io.treadle.weaving.harness.ThreeWays;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Cases 32 to 46, in Java. */
final class ControlFlowTest {
  private int steps;

  @Async
  void step() {
    pause();
    if (++steps % 4 == 0) {
      throw new IllegalStateException("step " + steps);
    }
  }

  // ------------------------------------------------------------------ 32

  /** The loop starts at the first instruction and never ends by itself. */
  @Async
  void forEver() {
    while (true) {
      step();
    }
  }

  @Async
  static int count(int n) {
    do {
      n = value(n + 1);
    } while (n < 3);
    return n;
  }

  @Async
  static void forEverOfAnotherKind() {
    for (; ; ) {
      pause();
      failing(new IllegalStateException("out"));
    }
  }

  @ThreeWays
  @Async
  void backEdgeToTheFirstInstruction() {
    try {
      forEver();
    } catch (IllegalStateException e) {
      log(e, steps);
    }
    log(count(0));
    try {
      forEverOfAnotherKind();
    } catch (IllegalStateException e) {
      log(e);
    }
  }

  // ------------------------------------------------------------------ 34, 39

  @ThreeWays
  @Async
  void callAsTheLastInstructionOfATry() {
    try {
      pause();
    } catch (IllegalStateException e) {
      log("not reached");
    }
    try {
      step();
      step();
      step();
      step();
    } catch (IllegalStateException e) {
      log("caught", e);
    }
    try {
      value(1);
    } finally {
      log("finally");
    }
  }

  @Async
  static String tryAtTheVeryStart() {
    try {
      failing(new IllegalArgumentException("x"));
    } catch (Throwable t) {
      return "caught " + t.getMessage();
    }
    return "not reached";
  }

  @ThreeWays
  @Async
  void failureIsThrownWithinTheTryAndNothingElseIs() {
    log(tryAtTheVeryStart());
    int caught = 0;
    for (int i = 0; i < 3; i++) {
      try {
        try {
          pause();
          if (i == 1) {
            failing(new IOException("io"));
          }
          log("after", i);
        } catch (IOException e) {
          caught++;
          log(e);
          if (value(true)) {
            failing(new IllegalStateException("again"));
          }
        } finally {
          log("inner", i);
        }
      } catch (Throwable t) {
        log("outer", t, caught);
      }
    }
  }

  // ------------------------------------------------------------------ 35, 36

  @Async
  static String inCatch(boolean fails) {
    String s = "s";
    try {
      if (fails) {
        failing(new IOException("io"));
      }
      s += value("body");
    } catch (IOException e) {
      s += value("catch") + e.getMessage();
    } finally {
      s += value("finally");
      log(s);
    }
    return s;
  }

  @Async
  @SuppressWarnings("finally")
  static int returnInFinally(boolean fails) {
    try {
      if (fails) {
        failing(new IllegalStateException("swallowed"));
      }
      return value(1);
    } finally {
      return value(2);
    }
  }

  @Async
  @SuppressWarnings("finally")
  static int nestedReturnsInFinally(int n) {
    int x = n;
    try {
      try {
        x += value(1);
        if (n == 0) {
          return x;
        }
        failing(new IllegalStateException("one"));
      } finally {
        x += value(10);
        if (n == 1) {
          return x;
        }
        pause();
      }
    } finally {
      x += value(100);
      log(x);
      if (n == 2) {
        return value(x);
      }
    }
    return -1;
  }

  private int x = 1;

  @Async
  int returnThenFinally() {
    try {
      return value(x);
    } finally {
      x++;
      value(x);
      log("x", x);
    }
  }

  @ThreeWays
  @Async
  void suspensionInCatchAndFinally() {
    log(inCatch(false), inCatch(true));
    log(returnInFinally(false), returnInFinally(true));
    for (int n = 0; n < 4; n++) {
      try {
        log(nestedReturnsInFinally(n));
      } catch (IllegalStateException e) {
        log(e);
      }
    }
    log(returnThenFinally(), x);
  }

  // ------------------------------------------------------------------ 37

  static final class Resource implements AutoCloseable {
    private final String name;
    private final boolean failsToClose;

    Resource(String name, boolean failsToClose) {
      this.name = name;
      this.failsToClose = failsToClose;
      log("open", name);
    }

    @Override
    @Async
    public void close() throws IOException {
      log("closing", name);
      pause();
      log("closed", name);
      if (failsToClose) {
        failing(new IOException("close " + name));
      }
    }
  }

  @Async
  static void use(boolean closeFails, boolean bodyFails, boolean openFails) throws IOException {
    try (Resource a = new Resource(value("a"), closeFails);
        Resource b =
            openFails ? failing(new IOException("open")) : new Resource(value("b"), closeFails);
        Resource none = value((Resource) null)) {
      log(a.name, b.name, none);
      pause();
      if (bodyFails) {
        failing(new IOException("body"));
      }
      log("body ends");
    } catch (IllegalStateException e) {
      log("not reached");
    } finally {
      log(value("finally"));
    }
  }

  @ThreeWays
  @Async
  void tryWithResourcesSuspendsEverywhere() {
    for (int bits = 0; bits < 8; bits++) {
      try {
        use((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
        log("returned");
      } catch (IOException e) {
        log(e); // with what is suppressed
      }
    }
  }

  // ------------------------------------------------------------------ 38, 40, 41

  @ThreeWays
  @Async
  void nestedHandlersInTheirOrder() {
    for (int i = 0; i < 5; i++) {
      try {
        try {
          try {
            pause();
            switch (i) {
              case 0 -> failing(new IOException("0"));
              case 1 -> failing(new IllegalArgumentException("1"));
              case 2 -> failing(new IllegalStateException("2"));
              case 3 -> failing(new Exception("3"));
              default -> log("none", value(i));
            }
          } catch (IllegalArgumentException e) {
            log("inner", value(e.getMessage()));
            failing(new IOException("from inner"));
          }
        } catch (IllegalStateException | IOException e) {
          log("middle", value(e.getMessage()), e);
          throw e;
        }
      } catch (RuntimeException e) {
        log("runtime", e);
      } catch (Exception e) {
        log("exception", value(e.getMessage()), e);
      }
    }
  }

  @ThreeWays
  @Async
  void theOriginalExceptionArrivesAndNoOther() {
    IOException original = new IOException("original", new Exception("cause"));
    original.addSuppressed(new Exception("suppressed"));
    try {
      failing(original);
    } catch (Exception e) {
      log(e == original, e);
    }
    CompletionException wrapped = new CompletionException("message", original);
    try {
      passOn(wrapped);
    } catch (Exception e) {
      log(e == wrapped, e);
    }
    try {
      passOn(new Error("an error"));
    } catch (Throwable e) {
      log(e);
    }
  }

  @Async
  static <X extends Throwable> void passOn(X failure) throws X {
    pause();
    failing(failure);
  }

  @ThreeWays
  @Async
  void handlerSeesTheCounterOfTheLoopThatFailed() {
    int i = 0;
    long sum = 0;
    try {
      for (i = 0; i < 10; i++) {
        sum += value(i);
        step();
        sum++;
      }
    } catch (IllegalStateException e) {
      log(i, sum, e);
      pause();
      log(i, sum);
    }
  }

  // ------------------------------------------------------------------ 42

  @ThreeWays
  @Async
  void labelledJumpsThroughFinally() {
    StringBuilder s = new StringBuilder();
    outer:
    for (int i = 0; i < 4; i++) {
      try {
        s.append(value(i));
        for (int j = 0; ; j++) {
          try {
            s.append(value("."));
            if (i == 1) {
              continue outer;
            }
            if (i == 3) {
              break outer;
            }
            if (j == 1) {
              break;
            }
          } finally {
            s.append(value("f"));
          }
        }
        s.append("e");
      } finally {
        pause();
        s.append("F");
      }
    }
    block:
    {
      try {
        if (value(true)) {
          break block;
        }
        s.append("not reached");
      } finally {
        s.append(value("b"));
      }
    }
    log(s);
  }

  // ------------------------------------------------------------------ 43

  enum Colour {
    RED,
    GREEN,
    BLUE
  }

  @Async
  @SuppressWarnings("fallthrough")
  static String onString(String s) {
    switch (value(s)) {
      case "Aa": // the same hash as "BB"
        return value("one");
      case "BB":
        pause();
      // falls through
      case "three":
        return "two or " + value("three");
      default:
        return value(null);
    }
  }

  @Async
  static int onEnum(Colour c, int n) {
    return n
        + switch (value(c)) {
          case RED -> value(1);
          case GREEN -> {
            int sum = 0;
            for (int i = 0; i < n; i++) {
              sum += value(i);
            }
            yield sum;
          }
          case BLUE -> throw new IllegalStateException("blue" + value(n));
        };
  }

  @ThreeWays
  @Async
  void switchesOfAllKinds() {
    for (String s : List.of("Aa", "BB", "three", "C#", "")) {
      log(onString(s));
    }
    for (Colour c : Colour.values()) {
      try {
        log(onEnum(c, 3), "x" + value(c) + onEnum(Colour.values()[c.ordinal() / 2], 2));
      } catch (IllegalStateException e) {
        log(e);
      }
    }
    for (int i = -1; i < 3; i++) {
      switch (value(i)) {
        case 0:
          pause();
          break;
        case 1:
          log(value("one"));
          continue;
        case Integer.MAX_VALUE:
          failing(new IllegalStateException());
          break;
        default:
          log("default", i);
      }
      log("after", i);
    }
  }

  @ThreeWays
  @Async
  void switchExpressionsAboveOtherOperands() {
    for (int i = 0; i < 3; i++) {
      long sum =
          10L * value(2L)
              + value(i)
                  * switch (value("s" + i)) {
                    case "s0" -> value(5);
                    case "s1" -> value(6L);
                    default ->
                        switch (value(i)) {
                          case 2 -> value((byte) 7);
                          default -> 0;
                        };
                  };
      log(
          sum,
          value(1)
              + (i > 1
                  ? value(2)
                  : switch (i) {
                    case 0 -> value(3);
                    default -> 4;
                  }));
    }
  }

  // ------------------------------------------------------------------ 44, 45, 46

  @ThreeWays
  @Async
  void conditionsAndTernaries() {
    for (int bits = 0; bits < 8; bits++) {
      boolean a = (bits & 1) != 0;
      boolean b = (bits & 2) != 0;
      boolean c = (bits & 4) != 0;
      boolean d = a && value(b) || value(c);
      boolean e = !(value(a) ^ b) & value(c) | a;
      log(d, e, value(a) ? value("t") : b ? "f" : value("ff"));
      if (value(a) && (value(b) || !value(c)) || d && e) {
        log(join(value(a) ? 1 : value(2), b ? value(3L) : 4, value(c) ? null : value("n")));
      }
      while (value(d) && !(d = value(false))) {
        log("once");
      }
    }
  }

  @Async
  static String join(int a, long b, Object c) {
    return a + "," + b + "," + value(c);
  }

  static int calls;

  @Async
  static int index() {
    calls++;
    return value(1);
  }

  static int plainIndex() {
    log("plain index");
    return 0;
  }

  private Object field = "f";
  private long number = 3;
  private static double shared = 1.5;

  @Async
  ControlFlowTest self() {
    log("self");
    pause();
    return this;
  }

  @ThreeWays
  @Async
  @SuppressWarnings("lossy-conversions") // they are the hazard
  void compoundAssignmentsEvaluateTheirTargetOnce() {
    int[] ints = {1, 2};
    ints[index()] += value(5);
    ints[plainIndex()] -= value(1) * ints[index()]++;
    log(ints, calls);
    long[] longs = {10, 20};
    log(longs[index()] += value(5L), longs[plainIndex()]-- + value(1L), longs);
    log(longs[index()] <<= value(2), longs[index()] = value(9L), longs);
    double[] doubles = {0.5, 1.5};
    log(doubles[index()] *= value(2.0), --doubles[index()], doubles);
    String[] strings = {"a", "b"};
    log(strings[index()] += value("x"), strings);
    Object[] objects = {null, null};
    log(objects[index()] = value("o"), objects);
    byte[] bytes = {1, 2};
    log(bytes[index()] += value(127), bytes[plainIndex()]++ * value(2), bytes);
    char[] chars = {'a', 'b'};
    log(chars[index()]++, chars[plainIndex()] += value(1), chars);
  }

  @ThreeWays
  @Async
  void assignmentsToFieldsEvaluateTheirTargetFirst() {
    self().field = value("new");
    log(field, self().number += value(4L), self().number++ * value(2L), number);
    log(self().self().number = value(8L), shared = value(2.5), shared);
    shared = shared * value(2.0);
    log(shared, field = self().field + value("x"));
    ControlFlowTest none = value((ControlFlowTest) null);
    try {
      none.number = value(1L);
    } catch (NullPointerException e) {
      log("after the value", value(1));
    }
    int[] nowhere = value((int[]) null);
    try {
      nowhere[index()] = value(2);
    } catch (NullPointerException e) {
      log("after the index and the value");
    }
    try {
      int[] empty = new int[0];
      empty[index()] += value(3);
    } catch (ArrayIndexOutOfBoundsException e) {
      log("before the value", e);
    }
  }

  @ThreeWays
  @Async
  void variablesReadBeforeACallChangesThem() {
    int n = 1;
    log(n++ + value(n) + n++ + value(++n) + n);
    n = n + (n = value(10)) * n;
    log(n);
    long l = 5;
    log(l-- - value(l) + l);
    n += n++ + value(n) + --n;
    log(n, (n = value(3)) + n, n == value(3) ? n = value(4) : n, n);
  }

  @ThreeWays
  @Async
  void manyCallsOnOneLine() {
    log(value(1), value("2"), value(3L), value(value(4.0)), value(value(value((char) 53))));
    log(max(max(value(1), value(2)), max(value(4), max(3, value(2)))));
  }

  @Async
  static int max(int a, int b) {
    pause();
    return Math.max(a, b);
  }
}
