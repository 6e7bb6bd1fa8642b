package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncRunnable;
import io.treadle.Continuation;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.ThreeWays;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cases 56 and 59: where an async method may stand, and what it may be called. */
final class HostsTest {
  private int secret = 5;

  @Async
  private int hidden(int x) {
    return secret++ + value(x);
  }

  @Async
  private static int hiddenStatic(int x) {
    return x + value(1);
  }

  // ------------------------------------------------------------------ 56

  class Inner {
    private final int own = 3;

    @Async
    private int sum(int x) throws Exception {
      AsyncCallable<Integer, Exception> lambda =
          () -> hidden(x) + hiddenStatic(value(x)) + secret++ + own;
      return lambda.call() + HostsTest.this.hidden(1);
    }

    class Deeper {
      @Async
      int all() throws Exception {
        return sum(4) + hidden(2) + own + value(1);
      }
    }
  }

  static final class Nested {
    @Async
    private int reaches(HostsTest host) {
      return host.hidden(value(3)) + host.secret;
    }
  }

  @ThreeWays
  @Async
  void privateMembersFromInnerClassesAndLambdas() throws Exception {
    Inner inner = new Inner();
    log(inner.sum(1), inner.new Deeper().all(), new Nested().reaches(this), secret);
    AsyncCallable<Integer, Exception> lambda = () -> inner.sum(hidden(1)) + inner.own;
    log(lambda.call());
  }

  @ThreeWays
  @Async
  void localAndAnonymousClasses() {
    int captured = value(4);
    class Local {
      final int k = value0(captured);

      @Async
      int f() {
        return k + captured + hidden(value(1));
      }

      private int value0(int x) {
        return x * 2;
      }
    }
    var anonymous =
        new Object() {
          int k = captured;

          @Async
          int f() {
            return k++ + new Local().f() + hidden(value(2));
          }
        };
    log(new Local().f(), anonymous.f() + anonymous.f(), anonymous.k);
  }

  record Point(int x, int y) {
    Point {
      if (x < 0) {
        throw new IllegalArgumentException("negative");
      }
    }

    @Async
    int sum() {
      return value(x) + y;
    }

    @Async
    Point plus(Point other) {
      return new Point(value(x) + other.x, y + value(other.y));
    }

    @Async
    private static Point origin() {
      return new Point(value(0), 0);
    }
  }

  @ThreeWays
  @Async
  void records() {
    Point p = Point.origin().plus(new Point(1, 2));
    log(p, p.sum(), p.equals(new Point(1, 2)), p.hashCode() == new Point(1, 2).hashCode());
    try {
      log(p.plus(new Point(-0, 1)).plus(new Point(value(-5), 0)));
    } catch (IllegalArgumentException e) {
      log(e);
    }
  }

  enum Operation {
    PLUS("+") {
      @Override
      @Async
      int apply(int a, int b) {
        return value(a) + b + hidden();
      }
    },
    TIMES("*") {
      @Override
      @Async
      int apply(int a, int b) {
        return a * value(b) + hidden();
      }
    };

    final String sign;

    Operation(String sign) {
      this.sign = sign;
    }

    @Async
    abstract int apply(int a, int b);

    @Async
    int hidden() {
      return value(ordinal());
    }

    @Async
    static Operation of(String sign) {
      for (Operation each : values()) {
        if (value(each.sign).equals(sign)) {
          return each;
        }
      }
      return PLUS;
    }
  }

  @ThreeWays
  @Async
  void enumsWithBodies() {
    log(Operation.of("*").apply(2, 3), Operation.PLUS.apply(4, 5));
    switch (Operation.of("+")) {
      case PLUS -> log("plus", value(1));
      case TIMES -> log("times");
    }
  }

  sealed interface Expression permits Constant, Sum {
    @Async
    int eval();
  }

  record Constant(int n) implements Expression {
    @Override
    @Async
    public int eval() {
      return value(n);
    }
  }

  static final class Sum implements Expression {
    private final Expression a;
    private final Expression b;

    Sum(Expression a, Expression b) {
      this.a = a;
      this.b = b;
    }

    @Override
    @Async
    public int eval() {
      return a.eval() + b.eval();
    }
  }

  @ThreeWays
  @Async
  void sealedTypes() {
    Expression e = new Sum(new Sum(new Constant(1), new Constant(2)), new Constant(3));
    log(e.eval(), e.getClass().isSealed(), Expression.class.getPermittedSubclasses().length);
  }

  @ThreeWays
  @Async
  void finalAndStrictfpAndVarargsMethods() {
    log(finalOne(1), strict(0.1, 0.2), variable("a", 1, 2L));
  }

  @Async
  private final int finalOne(int x) {
    return value(x);
  }

  @SuppressWarnings("strictfp")
  @Async
  private strictfp double strict(double a, double b) {
    return value(a) + b;
  }

  @Async
  private String variable(Object... all) {
    pause();
    return all.length + value("!");
  }

  /** The woven class keeps its nest: a private member is reached by reflection-free code. */
  @ParameterizedTest
  @EnumSource
  void nestmatesStayNestmates(SourceCompiler compiler) throws Exception {
    Program program =
        Program.compile(
            compiler,
            """
            import io.treadle.Async;
            import io.treadle.weaving.harness.Points;

            class Case {
              private int x = 1;

              static class Mate {
                @Async
                int reads(Case c) {
                  return c.x + Points.value(c.x++) + c.x;
                }
              }

              @Async
              static int run() {
                return new Mate().reads(new Case());
              }
            }
            """);
    assertThat(program.agree("Case").returned()).isEqualTo("4");
    ClassLoader loader = program.load();
    assertThat(loader.loadClass("Case$Mate").getNestHost()).isEqualTo(loader.loadClass("Case"));
  }

  /** A hidden class cannot be named, so nothing that is added may name it. */
  @Test
  void hiddenClasses() throws Throwable {
    Program program =
        Program.compile(
            SourceCompiler.JAVAC,
            """
            package io.treadle.weaving;

            import io.treadle.*;

            class HiddenCase implements AsyncRunnable<Exception> {
              static String state = "";

              @Async
              public void run() {
                add("a");
                Continuation.pause();
                add(twice("b"));
              }

              @Async
              private void add(String s) {
                Continuation.pause();
                state += s;
              }

              @Async
              static String twice(String s) {
                Continuation.pause();
                return s + s;
              }
            }
            """);
    Map<String, byte[]> woven = program.weave().classFiles();
    MethodHandles.Lookup hidden =
        MethodHandles.lookup().defineHiddenClass(woven.get("io/treadle/weaving/HiddenCase"), false);
    Class<?> type = hidden.lookupClass();
    AsyncRunnable<?> body =
        (AsyncRunnable<?>) hidden.findConstructor(type, MethodType.methodType(void.class)).invoke();
    Continuation continuation = Continuation.of(body);
    int runs = 0;
    while (!continuation.isDone()) {
      continuation.run();
      runs++;
    }
    assertThat(hidden.findStaticGetter(type, "state", String.class).invoke()).isEqualTo("abb");
    assertThat(runs).isEqualTo(5);
  }

  // ------------------------------------------------------------------ 59

  @ParameterizedTest
  @EnumSource
  void defaultPackageDollarsAndUnicode(SourceCompiler compiler) {
    Program program =
        Program.compile(
            compiler,
            """
            import io.treadle.*;
            import io.treadle.weaving.harness.Points;

            class Größe$ {
              @Async
              String $(int ß) {
                return "$" + Points.value(ß);
              }

              @Async
              String async$twin$async() throws Exception {
                AsyncCallable<String, Exception> 変数 = () -> $(Points.value(3));
                return 変数.call();
              }

              static class $Inner$ {
                @Async
                String été(String $async) {
                  return Points.value($async);
                }
              }
            }

            class Case {
              @Async
              static String run() throws Exception {
                Größe$ g = new Größe$();
                return g.$(1) + g.async$twin$async() + new Größe$.$Inner$().été("x");
              }
            }
            """);
    assertThat(program.agree("Case").returned()).isEqualTo("$1$3x");
  }

  /** The user may use the very names that the weaver gives to bodies. */
  @ParameterizedTest
  @EnumSource
  void namesThatTheWeaverGives(SourceCompiler compiler) {
    Program program =
        Program.compile(
            compiler,
            """
            import io.treadle.*;
            import io.treadle.weaving.harness.Points;

            class Case {
              @Async
              String f() {
                return "f" + Points.value(1);
              }

              @Async
              String lambda$f() {
                return "lambda$f" + Points.value(2);
              }

              @Async
              String lambda$f$async() {
                return "lambda$f$async" + Points.value(3);
              }

              @Async
              static String lambda$g(int x) {
                return "lambda$g" + Points.value(x);
              }

              @Async
              String resume$lambda$f$async() {
                return "resume" + Points.value(4);
              }

              @Async
              String f$dispatch() {
                return "dispatch" + Points.value(5);
              }

              String lambda$plain() {
                return "plain";
              }

              @Async
              static String run() throws Exception {
                Case c = new Case();
                AsyncFunction<Integer, String, Exception> reference = Case::lambda$g;
                AsyncCallable<String, Exception> own = c::lambda$f;
                AsyncCallable<String, Exception> plain = c::lambda$plain;
                return c.f() + c.lambda$f() + c.lambda$f$async() + lambda$g(6)
                    + c.resume$lambda$f$async() + c.f$dispatch() + reference.apply(7) + own.call()
                    + plain.call() + c.lambda$plain();
              }
            }
            """);
    assertThat(program.agree("Case").returned())
        .isEqualTo(
            "f1lambda$f2lambda$f$async3lambda$g6resume4dispatch5lambda$g7lambda$f2plainplain");
  }
}
