package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.failing;
import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Async;
import io.treadle.weaving.harness.Outcome;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.ThreeWays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Case 43 and its kin: patterns, records, sealed types, enums with bodies. */
final class ModernJavaTest {
  private static final boolean JAVA_21 = Runtime.version().feature() >= 21;

  // ------------------------------------------------------------------ what Java 17 has

  sealed interface Shape permits Circle, Square {}

  record Circle(int radius) implements Shape {
    Circle {
      if (radius < 0) {
        throw new IllegalArgumentException("radius " + radius);
      }
    }

    @Async
    static Circle make(int radius) {
      return new Circle(value(radius));
    }

    @Async
    int doubled() {
      pause();
      return radius + value(radius);
    }
  }

  record Square(Shape inner, String name) implements Shape {
    @Async
    public String name() {
      return value(name) + "!";
    }
  }

  @ThreeWays
  @Async
  void recordsAndTheirCanonicalConstructors() {
    log(Circle.make(2).doubled(), new Square(Circle.make(3), value("s")).name());
    try {
      log(Circle.make(-1));
    } catch (IllegalArgumentException e) {
      log(e, value(Circle.make(4)).equals(new Circle(value(4))));
    }
  }

  @ThreeWays
  @Async
  void instanceofPatternsInConditionsThatSuspend() {
    for (Object o : List.of("text", 7, new Circle(1), new Square(new Circle(2), "s"))) {
      if (value(o) instanceof String s && value(s.length()) > 2) {
        log(s, value(s));
      } else if (o instanceof Square q && q.inner() instanceof Circle c && c.doubled() == 4) {
        log(q.name(), c);
      } else if (!(o instanceof Integer n)) {
        log("other", value(o));
      } else {
        pause();
        log(n + value(n));
      }
    }
  }

  enum Operation {
    PLUS("+") {
      @Async
      @Override
      int apply(int a, int b) {
        return value(a) + value(b);
      }
    },
    TIMES("*") {
      private final int factor = 1;

      @Async
      @Override
      int apply(int a, int b) {
        pause();
        return a * b * factor;
      }
    },
    FAILS("!") {
      @Async
      @Override
      int apply(int a, int b) {
        throw ModernJavaTest.<RuntimeException>refuse(new IllegalStateException(sign + value(a)));
      }
    };

    final String sign;

    Operation(String sign) {
      this.sign = sign;
    }

    @Async
    abstract int apply(int a, int b);
  }

  @Async
  static <X extends Exception> X refuse(X failure) throws X {
    failing(failure);
    return failure;
  }

  @ThreeWays
  @Async
  void enumConstantsWithBodies() {
    for (Operation operation : Operation.values()) {
      try {
        log(operation.sign, operation.apply(3, value(4)));
      } catch (IllegalStateException e) {
        log(e);
      }
    }
  }

  @ThreeWays
  @Async
  void textBlocksVarAndLocalRecords() {
    record Point(int x, int y) {
      @Async
      Point moved(int by) {
        return new Point(x + value(by), y);
      }
    }
    enum Local {
      ONE,
      TWO
    }
    interface Named {
      @Async
      String name(int n);
    }
    final class Impl implements Named {
      @Override
      @Async
      public String name(int n) {
        return Local.values()[value(n)].name();
      }
    }
    var text =
        """
        a
          b""";
    var point = new Point(1, value(2)).moved(text.length());
    log(text, point, new Impl().name(1));
  }

  // ------------------------------------------------------------------ what Java 21 has

  private static final String TYPES =
      """
      package demo;
      import io.treadle.Async;
      import io.treadle.weaving.harness.*;
      class Case {
        sealed interface Shape permits Circle, Square, Pair {}
        record Circle(int radius) implements Shape {}
        record Square(double side) implements Shape {}
        record Pair(Shape first, Shape second) implements Shape {}
        enum Colour { RED, GREEN }
        static final Object[] ALL = {
          null, "text", "", 5, 500, 7L, Colour.RED, Colour.GREEN, new int[] {1, 2},
          new Circle(1), new Circle(20), new Square(2.5),
          new Pair(new Circle(3), new Square(4)), new Pair(new Square(5), new Circle(6)),
          new Pair(new Pair(new Circle(7), new Circle(8)), new Square(9)),
        };
        @Async static void run() {
          for (Object o : ALL) {
            try {
              Trace.log(describe(o));
            } catch (RuntimeException e) {
              Trace.log(e.getClass());
            }
          }
        }
      """;

  private static final String PATTERN_SWITCHES =
      """
        @Async static String describe(Object o) {
          String s = "<" + Points.value(1)
              + switch (Points.value(o)) {
                case null -> Points.value("null");
                case String t when Points.value(t.length()) > 2 -> {
                  Points.pause();
                  yield t + Points.value(t);
                }
                case String t -> "short" + Points.value(t);
                case Integer n when n > 100 -> big(n) + Points.value(n);
                case Integer n -> Points.value(n) + "int";
                case int[] a -> a.length + Points.value(a)[1] + "array";
                case Colour c when c == Colour.RED -> Points.value("red");
                case Shape shape -> area(shape) + Points.value("shape");
                case Colour c -> c.name() + Points.value(c);
                default -> throw new IllegalArgumentException(Points.value("other") + o);
              }
              + ">";
          statement(o);
          return s;
        }
        @Async static String big(int n) { Points.pause(); return "big" + n; }
        @Async static double area(Shape shape) {
          return switch (shape) {
            case Circle(int r) when Points.value(r) > 10 -> Points.value(r) * 3.0;
            case Circle(var r) -> r + Points.value(0.5);
            case Square(double side) -> { Points.pause(); yield side * Points.value(side); }
            case Pair(Circle(int a), Square(double b)) -> Points.value(a) + b;
            case Pair(Pair(var a, Circle(int r)), var b) -> area(a) * r + area(b);
            case Pair(var a, var b) -> area(a) + area(Points.value(b));
          };
        }
        @Async static void statement(Object o) {
          if (Points.value(o) instanceof Pair(Circle(int r), Square(var side)) && Points.value(r) > 2) {
            Trace.log(r, side, Points.value(side));
          }
          switch (o) {
            case Circle(int r):
              Points.pause();
              Trace.log("circle", r);
              break;
            case Pair p when area(p.first()) > 4:
              Trace.log("pair", Points.value(p.second()));
              break;
            case null, default:
              Points.pause();
          }
        }
      }
      """;

  private static final String CHAINS_OF_INSTANCEOF =
      """
        @Async static String describe(Object o) {
          if (Points.value(o) instanceof String t && Points.value(t.length()) > 2) {
            return t + Points.value(t);
          } else if (o instanceof Integer n && (n > 100 || Points.value(n) > 4)) {
            return n + "int" + Points.value(n);
          } else if (o instanceof int[] a) {
            return a.length + Points.value(a)[1] + "array";
          } else if (o instanceof Pair p && p.first() instanceof Circle c && Points.value(true)) {
            return c.radius() + "pair" + Points.value(p.second());
          } else if (!(Points.value(o) instanceof Shape shape)) {
            throw new IllegalArgumentException("other" + Points.value(o));
          } else {
            return Points.value("shape") + shape;
          }
        }
      }
      """;

  @ParameterizedTest
  @EnumSource
  void patternSwitchesAndRecordPatterns(SourceCompiler compiler) {
    Program program =
        JAVA_21
            ? Program.compile(compiler, List.of("--release", "21"), TYPES + PATTERN_SWITCHES)
            : Program.compile(compiler, TYPES + CHAINS_OF_INSTANCEOF);
    Outcome outcome = program.agree("demo.Case");
    assertThat(outcome.trace()).hasSizeGreaterThan(30);
    assertThat(outcome.thrown()).isNull();
  }
}
