package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.failing;
import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;

import io.treadle.Async;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.ThreeWays;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hazards that are in no list: what Java programs do around calls. */
final class MoreHazardsTest {

  // ------------------------------------------------------------------ calls and arguments

  @Async
  static String all(String first, Object... rest) {
    StringBuilder s = new StringBuilder(value(first));
    for (Object each : rest) {
      s.append(',').append(value(each));
    }
    return s.toString();
  }

  @Async
  static int sum(int... numbers) {
    int sum = 0;
    for (int n : numbers) {
      sum += value(n);
    }
    return sum;
  }

  @ThreeWays
  @Async
  void variableArityCallsWithPendingElements() {
    log(all("none"), all("some", 1, value(2L), 'c', null, value("e"), all("inner", value(1))));
    log(sum(), sum(value(1)), sum(1, value(2), sum(3, value(4)), 5));
  }

  @ThreeWays
  @Async
  void arrayInitialisersWithPendingElements() {
    log(new int[] {value(1), 2, value(3)}, new String[][] {{value("a")}, {}, {"b", value("c")}});
    log(new long[] {value(1L) + value(2L)}, new boolean[] {value(true), !value(true)});
    int[][] grid = new int[value(2)][value(3)];
    grid[value(1)][value(2)] = value(7);
    log(grid, new Object[value(1)][2][value(0)]);
    try {
      log(new int[value(-1)], value("not reached"));
    } catch (NegativeArraySizeException e) {
      log(e);
    }
  }

  @ThreeWays
  @Async
  void chainsOfCallsOnResults() {
    log(
        value(new StringBuilder("a"))
            .append(value("b"))
            .append(value(1))
            .insert(value(0), value('x'))
            .reverse()
            .substring(value(1), value(3))
            .concat(value("end")));
    Map<String, List<Integer>> map = new HashMap<>();
    map.computeIfAbsent(value("k"), k -> new ArrayList<>()).add(value(1));
    map.get(value("k")).add(value(0), value(2));
    log(map);
  }

  @ThreeWays
  @Async
  void nullReceiverFailsAfterTheArguments() {
    String none = value((String) null);
    try {
      log(none.concat(value("argument")));
    } catch (NullPointerException e) {
      log("caught", value(1));
    }
    MoreHazardsTest nobody = value((MoreHazardsTest) null);
    try {
      log(nobody.instance(value("argument")));
    } catch (NullPointerException e) {
      log("caught", value(2));
    }
    Shape noShape = value((Shape) null);
    try {
      log(noShape.area(value(1)));
    } catch (NullPointerException e) {
      log("caught", value(3));
    }
    try {
      throw value((RuntimeException) null);
    } catch (NullPointerException e) {
      log("caught", value(4));
    }
  }

  @Async
  String instance(String s) {
    pause();
    return s + (this != null);
  }

  @ThreeWays
  @Async
  void boxingAndUnboxingAroundCalls() {
    Integer boxed = value(5);
    boxed += value(1);
    boxed++;
    Long wide = value(7L);
    Character c = value('c');
    Boolean b = !value(Boolean.TRUE);
    List<Integer> list = new ArrayList<>(List.of(1, 2));
    list.set(value(0), list.get(value(1)) + value(3));
    log(boxed, wide * value(2), c + value(1), b, list, boxed == value(7), list.remove(value(1)));
    Integer none = value((Integer) null);
    try {
      int n = none + value(1);
      log("not reached", n);
    } catch (NullPointerException e) {
      log(value("caught"));
    }
  }

  @ThreeWays
  @Async
  void arithmeticOfAllKindsAroundCalls() {
    log(value(7) / value(2), value(7) % value(-3), value(1) << value(33), value(-8) >>> value(28));
    log(value(1L) << value(40), value(-8L) >> value(1), value(-8L) >>> value(60), -value(3L));
    log(value(7f) / value(2), value(7.5) % value(2), (int) value(1e10), (long) value(-1.9f));
    log((byte) value(300), (char) value(97.6), (short) value(70000L), ~value(5), ~value(5L));
    log(value(1) < value(2L), value(1f) >= value(2.0), value(Float.NaN) > value(1f));
    log(!(value(Double.NaN) < value(1.0)), value("a") == value("a"), value(true) != value(false));
    try {
      log(value(1) / value(0), value("not reached"));
    } catch (ArithmeticException e) {
      log(e);
    }
    log(value(5) > 3 ? value(1) : value(2L), (value(1) & 1) == 0 ? 'x' : value('y'));
  }

  // ------------------------------------------------------------------ classes and interfaces

  interface Shape {
    @Async
    double area(int scale);

    @Async
    default String name(String prefix) {
      return prefix + hidden(value(1)) + area(2) + shared(value("s"));
    }

    @Async
    private int hidden(int n) {
      pause();
      return n + 1;
    }

    @Async
    private static String hiddenStatic(String s) {
      return value(s) + ".";
    }

    @Async
    static String shared(String s) {
      return hiddenStatic(value(s));
    }
  }

  static class Square implements Shape {
    protected final double side;

    Square(double side) {
      this.side = side;
    }

    @Override
    @Async
    public double area(int scale) {
      return value(side) * side * value(scale);
    }

    @Async
    protected String twice(Function<Square, String> f) {
      pause();
      return f.apply(this) + value("twice");
    }
  }

  static final class Cube extends Square {
    Cube(double side) {
      super(side);
    }

    @Override
    @Async
    public double area(int scale) {
      double one = super.area(scale);
      return one + value(5.0) * super.area(value(scale));
    }

    @Override
    @Async
    public String name(String prefix) {
      pause();
      return super.name(value(prefix)) + "cube";
    }

    @Override
    @Async
    protected String twice(Function<Square, String> f) {
      return super.twice(f) + super.twice(s -> "side" + s.side);
    }
  }

  @ThreeWays
  @Async
  void interfaceMethodsOfAllKindsAndSuperCalls() {
    for (Shape shape : new Shape[] {new Square(2), new Cube(3)}) {
      log(shape.area(value(1)), shape.name("p"), ((Square) shape).twice(s -> "s" + s.side));
    }
    Shape anonymous =
        new Shape() {
          private int calls = value();

          private int value() {
            return 10;
          }

          @Override
          @Async
          public double area(int scale) {
            pause();
            return calls++ + scale;
          }
        };
    log(anonymous.name("a"), anonymous.area(1));
  }

  static final class Node<T extends Comparable<T>> {
    private final T value;
    private Node<T> left;
    private Node<T> right;

    Node(T value) {
      this.value = value;
    }

    @Async
    void insert(T other) {
      if (compare(value, other) > 0) {
        if (left == null) {
          left = new Node<>(value(other));
        } else {
          left.insert(other);
        }
      } else if (right == null) {
        right = new Node<>(value(other));
      } else {
        right.insert(other);
      }
    }

    @Async
    static <C extends Comparable<C>> int compare(C one, C other) {
      pause();
      return one.compareTo(value(other));
    }

    @Async
    String text() {
      return (left == null ? "" : left.text()) + value(value) + (right == null ? "" : right.text());
    }
  }

  @ThreeWays
  @Async
  void genericTreeByRecursion() {
    Node<String> root = new Node<>("m");
    for (String s : "q c x a p".split(" ")) {
      root.insert(s);
    }
    log(root.text());
  }

  private static int counter;
  private int state;

  @Async
  private static int next() {
    pause();
    return ++counter;
  }

  class Inner {
    @Async
    int use() {
      state += next();
      pause();
      MoreHazardsTest.this.state += value(state);
      return new Object() {
        @Async
        int deeper() {
          return state + value(counter) + next();
        }
      }.deeper();
    }
  }

  @ThreeWays
  @Async
  void privateMembersFromInnerClasses() {
    log(new Inner().use(), this.new Inner().use(), state, counter);
  }

  @ThreeWays
  @Async
  void plainLambdasThatCaptureWhatWasSaved() {
    int n = value(1);
    String s = value("s");
    long l = 2;
    pause();
    Supplier<String> captured = () -> s + n + l + state;
    pause();
    state = value(9);
    Function<String, Supplier<String>> nested = t -> () -> t + captured.get();
    pause();
    log(captured.get(), nested.apply(value("t")).get());
    Supplier<List<String>> constructor = ArrayList::new;
    Runnable bound = value(new StringBuilder("b"))::reverse;
    pause();
    bound.run();
    log(constructor.get());
  }

  // ------------------------------------------------------------------ control

  @ThreeWays
  @Async
  void assertionsWithPendingConditions() {
    assert value(true) : value("not evaluated");
    try {
      assert value(1) > value(2) : value("message") + value(3);
      log("assertions are off");
    } catch (AssertionError e) {
      log(e, value("caught"));
    }
  }

  @ThreeWays
  @Async
  void deeplyNestedBlocksWithManyHandlers() {
    for (int i = 0; i < 16; i++) {
      int seen = 0;
      try {
        try {
          try {
            try {
              step(i, 0);
            } finally {
              seen += value(1);
              step(i, 1);
            }
          } catch (IllegalArgumentException e) {
            seen += 10;
            step(i, 2);
          } finally {
            seen += value(100);
          }
          step(i, 3);
        } catch (IllegalStateException e) {
          seen += value(1000);
          throw new RuntimeException(value("wrapped"), e);
        }
      } catch (RuntimeException e) {
        log(e, seen);
      } finally {
        log(i, value(seen));
      }
    }
  }

  @Async
  static void step(int bits, int bit) {
    pause();
    if ((bits >> bit & 1) != 0) {
      if (bit % 2 == 0) {
        failing(new IllegalArgumentException("step " + bit));
      }
      throw new IllegalStateException("step " + bit);
    }
  }

  @ThreeWays
  @Async
  @SuppressWarnings("finally")
  void jumpsOutOfFinallySwallowFailures() {
    for (int i = 0; i < 3; i++) {
      try {
        pause();
        failing(new IllegalStateException("swallowed"));
      } finally {
        log(value(i));
        if (i < 2) {
          continue;
        }
        break;
      }
    }
    do {
      try {
        step(1, 0);
      } catch (IllegalArgumentException e) {
        break;
      } finally {
        log(value("finally"));
      }
      log("not reached");
    } while (value(true));
  }

  @ThreeWays
  @Async
  void loopsOfAllKinds() {
    int n = 0;
    for (int i = value(0), j = value(3); i < j; i += value(1), j--) {
      n += i * j;
    }
    while (value(n) < 10 && n != value(7)) {
      n += 2;
      if (n % 2 == value(1)) {
        continue;
      }
      n++;
    }
    do {
      n--;
    } while (value(n) > value(3));
    for (String s : value(List.of("a", "b"))) {
      for (int k : new int[] {value(1), 2}) {
        for (char c = value('a'); c < 'c'; c++) {
          n += k + c + value(s).length();
        }
      }
    }
    log(n);
  }

  @Async
  static long fibonacci(int n) {
    return n < 2 ? value(n) : fibonacci(n - 1) + fibonacci(n - 2);
  }

  @Async
  static boolean isEven(int n) {
    return n == 0 || isOdd(n - 1);
  }

  @Async
  static boolean isOdd(int n) {
    pause();
    return n != 0 && isEven(n - 1);
  }

  @ThreeWays
  @Async
  void recursionOfAllKinds() {
    log(fibonacci(8), isEven(10), isEven(7), ackermann(2, 2));
  }

  @Async
  static int ackermann(int m, int n) {
    pause();
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
  }

  /** The caller suspends in a callee that is called again while the other call is pending. */
  @ThreeWays
  @Async
  void callsInTheArgumentsOfTheSameMethod() {
    log(all(all(value("a"), all("b")), all("c", value(1)), sum(sum(1, 2), value(3))));
  }

  // ------------------------------------------------------------------ initialisation

  static final class Lazy {
    static final Object MADE = made();

    private static Object made() {
      log("Lazy is initialised");
      return "made";
    }

    @Async
    static int call(int n) {
      return value(n);
    }
  }

  @ThreeWays
  @Async
  void staticCallInitialisesTheClassAfterTheArguments() {
    log("before");
    log(Lazy.call(value(1)));
    log(Lazy.MADE);
  }

  interface Constants {
    Object NOISY = noisy("Constants");

    static Object noisy(String name) {
      log(name + " is initialised");
      return name;
    }

    @Async
    int number();

    @Async
    default int twice() {
      return number() + number();
    }
  }

  static final class Implementation implements Constants {
    static {
      log("Implementation is initialised");
    }

    @Override
    @Async
    public int number() {
      return value(1);
    }
  }

  @ThreeWays
  @Async
  void interfaceWithDefaultsIsInitialisedBeforeItsClass() {
    Constants constants = new Implementation();
    log(constants.twice());
    log(Constants.NOISY);
  }

  // ------------------------------------------------------------------ names, packages, compilers

  @ParameterizedTest
  @EnumSource
  void membersInheritedFromAnotherPackage(SourceCompiler compiler) {
    Program.compile(
            compiler,
            """
            package other;
            import io.treadle.Async;
            import io.treadle.weaving.harness.Points;
            public abstract class Base {
              protected int field = 1;
              protected static String shared = "shared";
              @Async protected int twice(int n) { Points.pause(); return 2 * n + field; }
              @Async protected static String make(String s) { return shared + Points.value(s); }
              @Async String packagePrivate() { return "base" + Points.value(1); }
              @Async public String callsPackagePrivate() { Points.pause(); return packagePrivate(); }
              protected class Inner {
                public Inner() {}
                @Async public int get() { return Points.value(field); }
              }
            }
            """,
            """
            package demo;
            import io.treadle.Async;
            import io.treadle.weaving.harness.*;
            class Case extends other.Base {
              @Async String packagePrivate() { return "case" + Points.value(2); }
              @Async static String run() {
                Case c = new Case();
                String s = c.use(c) + make("m") + c.callsPackagePrivate() + c.packagePrivate();
                Runnable r = c::touch;
                Points.pause();
                r.run();
                return s + c.field;
              }
              void touch() { field += 100; }
              @Async String use(Case other) {
                field += Points.value(5);
                Points.pause();
                other.field += twice(Points.value(3));
                shared = Points.value("changed");
                return other.twice(super.twice(1)) + shared + new Inner().get() + super.field;
              }
              @Override @Async protected int twice(int n) { return super.twice(n) + Points.value(1); }
            }
            """)
        .agree("demo.Case");
  }

  @ParameterizedTest
  @EnumSource
  void namesThatCollideWithWhatIsAdded(SourceCompiler compiler) {
    Program.compile(
            compiler,
            """
            import io.treadle.Async;
            import io.treadle.weaving.harness.*;
            class $Case$ {
              int coroutine = 1, frame = 2;
              @Async static String run() {
                return new $Case$().enter(3) + resume("r") + value$(4) + größe(1) + run(2) + $();
              }
              @Async int enter(int status) { return coroutine + frame + Points.value(status); }
              @Async static String resume(String c) { Points.pause(); return c; }
              @Async static int value$(int lambda$) { return Points.value(lambda$); }
              @Async static int größe(int ñ) { Points.pause(); return ñ + Points.value(1); }
              @Async static String run(int n) { return "run" + Points.value(n); }
              @Async static String $() { return new Inner$().$(Points.value("$")); }
              static class Inner$ { @Async String $(String s) { return Points.value(s) + run(3); } }
            }
            """)
        .agree("$Case$");
  }

  @ParameterizedTest
  @EnumSource
  void overloadsAndOverridesOfOneName(SourceCompiler compiler) {
    Program.compile(
            compiler,
            """
            package demo;
            import io.treadle.Async;
            import io.treadle.weaving.harness.*;
            class Base {
              @Async String f(int n) { return "i" + Points.value(n); }
              @Async String f(long n) { return "l" + Points.value(n); }
              @Async String f(Object o) { return "o" + Points.value(o); }
              @Async Object f(Object... os) { Points.pause(); return "os" + os.length; }
              @Async CharSequence covariant() { return Points.value("base"); }
              String plain(int n) { return "plain" + n; }
            }
            class Case extends Base {
              @Override @Async String f(long n) { return "L" + super.f(n) + f((int) n); }
              @Async String f(String s) { return "s" + super.f((Object) s); }
              @Override @Async String covariant() { return super.covariant() + f(1); }
              @Async static String run() {
                Base b = new Case();
                return b.f(1) + b.f(2L) + b.f("x") + new Case().f("y") + b.f(1, 2) + b.covariant()
                    + b.plain(Points.value(3));
              }
            }
            """)
        .agree("demo.Case");
  }
}
