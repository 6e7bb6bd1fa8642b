package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncFunction;
import io.treadle.continuation.Coroutine;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.ThreeWays;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cases 54, 57 and 68: bridges, accessors and overloads. */
final class BridgesTest {
  // ------------------------------------------------------------------ 54

  abstract static class Generic<T> {
    @Async
    abstract T get(T x);

    @Async
    T other(T x) {
      return value(x);
    }
  }

  static class OfString extends Generic<String> {
    @Override
    @Async
    String get(String x) {
      return "get" + value(x);
    }

    @Override
    @Async
    String other(String x) {
      return "other" + super.other(x) + value("!");
    }
  }

  static final class Lower extends OfString {
    @Override
    @Async
    String get(String x) {
      return "lower" + super.get(x);
    }
  }

  @ThreeWays
  @Async
  void bridgesOfGenericOverrides() {
    Generic<String> generic = new OfString();
    Generic<String> lower = new Lower();
    log(generic.get("a"), generic.other("b"), lower.get("c"), lower.other("d"));
    log(new OfString().get("e"), new Lower().other("f"));
  }

  static class Numbers {
    @Async
    Number next() {
      return value(Integer.valueOf(1));
    }
  }

  static class Integers extends Numbers {
    @Override
    @Async
    Integer next() {
      return 10 + super.next().intValue() + value(1);
    }
  }

  static final class MoreIntegers extends Integers {
    @Override
    @Async
    Integer next() {
      return 100 + super.next();
    }
  }

  @ThreeWays
  @Async
  void bridgesOfCovariantOverrides() {
    Numbers numbers = new Integers();
    Numbers more = new MoreIntegers();
    Integers integers = new MoreIntegers();
    log(numbers.next(), more.next(), integers.next(), new MoreIntegers().next());
  }

  interface Source<T> {
    @Async
    T next();
  }

  interface NumberSource extends Source<Number> {
    @Override
    @Async
    Integer next();
  }

  static final class Fixed implements NumberSource {
    @Override
    @Async
    public Integer next() {
      return value(Integer.valueOf(9));
    }
  }

  enum Letters implements Source<String> {
    A {
      @Override
      @Async
      public String next() {
        return "a" + value(1);
      }
    },
    B;

    @Override
    @Async
    public String next() {
      return name() + value(2);
    }
  }

  record Holder<T>(T held) implements Source<T> {
    @Override
    @Async
    public T next() {
      return value(held);
    }
  }

  @ThreeWays
  @Async
  void bridgesOfInterfacesEnumsRecordsAndAnonymousClasses() throws Exception {
    Source<Number> fixed = new Fixed();
    NumberSource numbers = new Fixed();
    Source<String> a = Letters.A;
    Source<String> b = Letters.B;
    AsyncCallable<String, Exception> anonymous =
        new AsyncCallable<>() {
          @Override
          @Async
          public String call() {
            return value("anonymous");
          }
        };
    log(fixed.next(), numbers.next(), a.next(), b.next(), new Holder<>("held").next());
    log(anonymous.call());
  }

  interface Pair<A, B> {
    @Async
    Object put(A a, B b);
  }

  interface Keyed<B> extends Pair<String, B> {
    @Override
    @Async
    CharSequence put(String a, B b);
  }

  static final class Counted implements Keyed<Integer> {
    @Override
    @Async
    public String put(String a, Integer b) {
      return value(a) + value(b);
    }
  }

  @ThreeWays
  @Async
  void severalBridgesOfOneMethod() {
    Counted counted = new Counted();
    Keyed<Integer> keyed = counted;
    Pair<String, Integer> pair = counted;
    log(counted.put("a", 1), keyed.put("b", 2), pair.put("c", 3));
  }

  @ThreeWays
  @Async
  void bridgeCastsItsArgumentsBeforeTheBodyRuns() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Generic<Object> raw = (Generic) new OfString();
    try {
      log(raw.get(value((Object) 1)));
    } catch (ClassCastException e) {
      log("cast", value(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void exactlyOneOfTheMethodsHasTheBody(SourceCompiler compiler) throws Exception {
    Class<?> woven =
        Program.compile(
                compiler,
                """
                import io.treadle.Async;
                import io.treadle.weaving.harness.Points;

                abstract class Generic<T> {
                  @Async
                  abstract T get(T x);
                }

                class Case extends Generic<String> {
                  @Override
                  @Async
                  String get(String x) {
                    return Points.value(x);
                  }
                }
                """)
            .load()
            .loadClass("Case");
    List<Method> bodies =
        Arrays.stream(woven.getDeclaredMethods())
            .filter(m -> m.getName().equals("lambda$get$async"))
            .toList();
    assertThat(bodies).hasSize(1);
    assertThat(bodies.get(0).getReturnType()).isEqualTo(String.class);
    List<Class<?>> twins =
        Arrays.stream(woven.getDeclaredMethods())
            .filter(m -> m.getName().equals("get") && takesCoroutine(m))
            .<Class<?>>map(Method::getReturnType)
            .toList();
    assertThat(twins).containsExactlyInAnyOrder(String.class, Object.class);
  }

  private static boolean takesCoroutine(Method method) {
    Class<?>[] types = method.getParameterTypes();
    return types.length > 0 && types[types.length - 1] == Coroutine.class;
  }

  // ------------------------------------------------------------------ 68

  static class Inherited {
    @Async
    public String put(String x) {
      return "inherited" + value(x);
    }
  }

  interface Putter<T> {
    @Async
    T put(T x);
  }

  /** ECJ and javac write a bridge here; the body is the superclass's. */
  static final class Heir extends Inherited implements Putter<String> {}

  @ThreeWays
  @Async
  void bridgeToAnInheritedBody() {
    Putter<String> putter = new Heir();
    log(putter.put("a"), new Heir().put("b"), ((Inherited) putter).put("c"));
  }

  @ParameterizedTest
  @EnumSource
  void visibilityBridgeOfAPackagePrivateSuperclass(SourceCompiler compiler) {
    String hidden =
        """
        package other;

        import io.treadle.Async;
        import io.treadle.weaving.harness.Points;

        class Hidden {
          @Async
          public String shown(int x) {
            return "shown" + Points.value(x);
          }

          @Async
          protected String guarded() {
            return "guarded" + Points.value(1);
          }

          @Async
          String own() {
            return "hidden" + Points.value(2);
          }

          @Async
          public String callsOwn() {
            return own() + Points.value(3);
          }

          @Async
          public static String ofClass() {
            return "static" + Points.value(4);
          }
        }
        """;
    String visible = "package other; public class Visible extends Hidden {}";
    String user =
        """
        package demo;

        import io.treadle.*;
        import io.treadle.weaving.harness.Points;
        import other.Visible;

        public class Case extends Visible {
          @Async
          String own() {
            return "case" + Points.value(5);
          }

          @Async
          String all() throws Exception {
            AsyncFunction<Integer, String, Exception> bound = new Visible()::shown;
            AsyncCallable<String, Exception> lambda = () -> guarded() + super.guarded();
            AsyncCallable<String, Exception> reference = super::guarded;
            return shown(1) + new Visible().shown(2) + bound.apply(3) + guarded() + lambda.call()
                + reference.call() + own() + callsOwn() + ofClass() + Visible.ofClass();
          }

          @Async
          static String run() throws Exception {
            return new Case().all();
          }
        }
        """;
    Program program = Program.compile(compiler, hidden, visible, user);
    assertThat(program.agree("demo.Case").returned())
        .contains("shown3", "case5hidden23static4"); // package-private methods do not override
  }

  // ------------------------------------------------------------------ 57

  static class Overloads {
    @Async
    String f(int x) {
      return "int" + value(x);
    }

    @Async
    String f(long x) {
      return "long" + value(x);
    }

    @Async
    String f(Object x) {
      return "object" + value(x);
    }

    @Async
    String f(int... x) {
      return "ints" + value(x.length);
    }

    String f(double x) {
      return "plain" + x;
    }

    @Async
    static String f() {
      return "static" + value(0);
    }

    /** With the receiver's type in front, its parameters are those of the instance method. */
    @Async
    static String f(Overloads self, int x) {
      return "static" + value(x) + self.f(x);
    }
  }

  @ThreeWays
  @Async
  void overloadsThatDifferInParametersOnly() {
    Overloads o = new Overloads();
    log(o.f(1), o.f(2L), o.f("x"), o.f(1, 2, 3), o.f(2.5), o.f((short) 4));
    log(Overloads.f(), Overloads.f(o, 5));
  }

  static class Above {
    @Async
    private String hidden() {
      return "above" + value(1);
    }

    @Async
    String callsHidden() {
      return hidden() + value(2);
    }

    @Async
    static String ofClass() {
      return "above" + value(3);
    }

    @Async
    String same(int x) {
      return "above" + value(x);
    }
  }

  static final class Below extends Above {
    @Async
    String hidden() {
      return "below" + value(1);
    }

    @Async
    static String ofClass() {
      return "below" + value(3);
    }

    @Async
    String same(long x) {
      return "long" + value(x);
    }

    @Override
    @Async
    String same(int x) {
      pause();
      return "below" + super.same(x);
    }
  }

  @ThreeWays
  @Async
  void subclassAndSuperclassWithMethodsOfOneName() throws Exception {
    Above above = new Below();
    AsyncFunction<Integer, String, Exception> reference = above::same;
    log(above.callsHidden(), new Below().hidden(), Above.ofClass(), Below.ofClass());
    log(above.same(1), new Below().same(2L), new Below().same(3), reference.apply(4));
  }
}
