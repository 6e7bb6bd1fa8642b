package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;

import io.treadle.Async;
import io.treadle.AsyncCallable;
import io.treadle.AsyncFunction;
import io.treadle.weaving.harness.ThreeWays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cases 52 and 70: method references of async functional interfaces, of every kind. */
final class MethodReferencesTest {
  private final String name = "this";

  /** What is referred to: woven and ordinary, of each kind of method. */
  static class Host {
    final String name;

    Host(String name) {
      this.name = name;
    }

    /** Plain code in a constructor that is called by woven code. */
    Host(String name, int times) {
      this(name.repeat(times));
    }

    @Async
    String woven(int x) {
      return name + value(x);
    }

    String ordinary(int x) {
      return name + "-" + x;
    }

    @Async
    static String wovenStatic(int x) {
      return "static" + value(x);
    }

    static String ordinaryStatic(int x) {
      return "static-" + x;
    }

    @Async
    private String wovenPrivate(int x) {
      return "private" + value(x);
    }

    @Async
    String variable(Object... all) {
      pause();
      return name + Arrays.toString(all);
    }

    @Async
    <T> T generic(T x) {
      return value(x);
    }

    AsyncFunction<Integer, String, Exception> toPrivate() {
      return this::wovenPrivate;
    }
  }

  static final class Sub extends Host {
    Sub(String name) {
      super(name);
    }

    @Override
    @Async
    String woven(int x) {
      return "sub" + super.woven(x);
    }

    @Override
    String ordinary(int x) {
      return "sub" + super.ordinary(x);
    }

    @Async
    String viaSuper(int x) throws Exception {
      AsyncFunction<Integer, String, Exception> woven = super::woven;
      AsyncFunction<Integer, String, Exception> ordinary = super::ordinary;
      AsyncFunction<Integer, String, Exception> own = this::woven;
      return woven.apply(x) + ordinary.apply(value(x)) + own.apply(x);
    }
  }

  interface Talker {
    @Async
    default String talk(int x) {
      return "talk" + value(x);
    }

    @Async
    String answer(int x);

    @Async
    default AsyncFunction<Integer, String, Exception> reference() {
      pause();
      return this::talk;
    }
  }

  static final class Loud implements Talker {
    @Override
    @Async
    public String talk(int x) {
      return "loud" + value(x);
    }

    @Override
    @Async
    public String answer(int x) {
      return "answer" + value(x);
    }

    @Async
    String viaInterface(int x) throws Exception {
      AsyncFunction<Integer, String, Exception> inherited = Talker.super::talk;
      return inherited.apply(x);
    }
  }

  // ------------------------------------------------------------------ 52: the kinds

  @ThreeWays
  @Async
  void boundReferences() throws Exception {
    Host host = new Sub("h");
    AsyncFunction<Integer, String, Exception> woven = host::woven;
    AsyncFunction<Integer, String, Exception> ordinary = host::ordinary;
    AsyncFunction<Integer, String, Exception> ofNew = new Host(value("n"))::woven;
    log(woven.apply(1), ordinary.apply(2), ofNew.apply(3), host.toPrivate().apply(4));
  }

  @ThreeWays
  @Async
  void boundReceiverIsEvaluatedOnceAndCheckedForNull() throws Exception {
    List<String> evaluated = new ArrayList<>();
    AsyncFunction<Integer, String, Exception> reference = logged(evaluated)::woven;
    log(evaluated, reference.apply(1), reference.apply(2), evaluated);
    Host none = null;
    try {
      AsyncFunction<Integer, String, Exception> never = none::woven;
      log(never);
    } catch (NullPointerException e) {
      log("at the reference", value(1));
    }
  }

  @Async
  private static Host logged(List<String> evaluated) {
    evaluated.add("receiver");
    return value(new Host("once"));
  }

  @ThreeWays
  @Async
  void staticReferences() throws Exception {
    AsyncFunction<Integer, String, Exception> woven = Host::wovenStatic;
    AsyncFunction<Integer, String, Exception> ordinary = Host::ordinaryStatic;
    log(woven.apply(1) + ordinary.apply(2) + woven.apply(value(3)));
  }

  interface Unbound {
    @Async
    String call(Host host, Integer x) throws Exception;
  }

  @ThreeWays
  @Async
  void unboundReferences() throws Exception {
    Unbound woven = Host::woven;
    Unbound ordinary = Host::ordinary;
    log(
        woven.call(new Host("a"), 1)
            + ordinary.call(new Sub("b"), 2)
            + woven.call(new Sub("c"), 3));
  }

  interface Maker<T> {
    @Async
    T make(String name, int x) throws Exception;
  }

  @ThreeWays
  @Async
  void constructorReferences() throws Exception {
    Maker<Host> host = Host::new;
    AsyncFunction<String, StringBuilder, Exception> ordinary = StringBuilder::new;
    AsyncFunction<Integer, int[], Exception> array = int[]::new;
    AsyncFunction<Integer, String[][], Exception> arrays = String[][]::new;
    log(host.make("h", value(2)).woven(1), ordinary.apply(value("sb")).reverse());
    log(array.apply(value(3)).length + arrays.apply(2).length);
  }

  class Inner {
    final int x;

    Inner(int x) {
      this.x = x;
    }
  }

  @ThreeWays
  @Async
  void constructorReferencesThatCapture() throws Exception {
    AsyncFunction<Integer, Inner, Exception> inner = Inner::new;
    int captured = value(10);
    class Local {
      final int y;

      Local(int y) {
        this.y = y + captured;
      }
    }
    AsyncFunction<Integer, Local, Exception> local = Local::new;
    log(inner.apply(1).x, local.apply(value(2)).y, name);
  }

  @ThreeWays
  @Async
  void superReferences() throws Exception {
    log(new Sub("s").viaSuper(1), new Loud().viaInterface(2));
  }

  @ThreeWays
  @Async
  void interfaceReferences() throws Exception {
    Talker talker = new Loud();
    AsyncFunction<Integer, String, Exception> bound = talker::talk;
    AsyncFunction<Integer, String, Exception> ofAbstract = talker::answer;
    log(bound.apply(1) + ofAbstract.apply(2) + talker.reference().apply(3));
  }

  @ThreeWays
  @Async
  void varargsAndGenericReferences() throws Exception {
    Host host = new Host("v");
    AsyncFunction<Object, String, Exception> variable = host::variable;
    AsyncFunction<String, String, Exception> generic = host::generic;
    AsyncFunction<Integer, Integer, Exception> explicit = host::<Integer>generic;
    log(variable.apply("x"), generic.apply("y"), explicit.apply(1) + 1);
  }

  @ThreeWays
  @Async
  void referenceToALambdaAndToItsInterface() throws Exception {
    AsyncFunction<String, String, Exception> lambda = x -> x + value("!");
    AsyncFunction<String, String, Exception> reference = lambda::apply;
    AsyncCallable<String, Exception> call = () -> "call" + value(1);
    AsyncCallable<String, Exception> same = call::call;
    log(reference.apply("a"), same.call());
  }

  @ThreeWays
  @Async
  void referencesToTheJdk() throws Exception {
    AsyncFunction<Object, String, Exception> text = Object::toString;
    AsyncFunction<String, Integer, Exception> parse = Integer::parseInt;
    StringBuilder all = new StringBuilder();
    Sink sink = all::append;
    sink.take(value("a"));
    sink.take("b");
    log(text.apply(value(12)), parse.apply("12") + 1, all);
  }

  interface Sink {
    @Async
    void take(String s) throws Exception;
  }

  /** An enum, a record and an array have methods too. */
  @ThreeWays
  @Async
  void referencesToMembersOfRecordsEnumsAndArrays() throws Exception {
    AsyncFunction<Point, Integer, Exception> accessor = Point::x;
    AsyncFunction<Point, Integer, Exception> sum = Point::sum;
    AsyncFunction<String, Color, Exception> valueOf = Color::valueOf;
    AsyncFunction<int[], Object, Exception> copy = int[]::clone;
    Point point = new Point(1, 2);
    log(accessor.apply(point) + sum.apply(value(point)), valueOf.apply(value("RED")).mix());
    log(copy.apply(new int[] {1, value(2)}));
  }

  record Point(int x, int y) {
    @Async
    int sum() {
      return value(x) + y;
    }
  }

  enum Color {
    RED;

    @Async
    String mix() {
      return value(name());
    }
  }

  // ------------------------------------------------------------------ 70: conversions

  interface ToLong {
    @Async
    long get() throws Exception;
  }

  interface ToDouble {
    @Async
    double get() throws Exception;
  }

  interface ToInt {
    @Async
    int get() throws Exception;
  }

  interface ToBoolean {
    @Async
    boolean get() throws Exception;
  }

  interface ToObject {
    @Async
    Object get() throws Exception;
  }

  interface ToNumber {
    @Async
    Number get() throws Exception;
  }

  interface ToComparable {
    @Async
    Comparable<Integer> get() throws Exception;
  }

  interface ToNothing {
    @Async
    void get() throws Exception;
  }

  interface ToAny<T> {
    @Async
    T get() throws Exception;
  }

  @Async
  static int anInt() {
    return value(1);
  }

  @Async
  static Integer boxedInt() {
    return value(Integer.valueOf(2));
  }

  @Async
  static byte aByte() {
    return value((byte) -3);
  }

  @Async
  static short aShort() {
    return value((short) -4);
  }

  @Async
  static char aChar() {
    return value('c');
  }

  @Async
  static boolean aBoolean() {
    return value(true);
  }

  @Async
  static Boolean boxedBoolean() {
    return value(Boolean.TRUE);
  }

  @Async
  static long aLong() {
    return value(5L);
  }

  @Async
  static float aFloat() {
    return value(6.5f);
  }

  @Async
  @SuppressWarnings("unchecked")
  static <T> T anything() {
    return (T) value(Integer.valueOf(7));
  }

  @Async
  @SuppressWarnings("unchecked")
  static <T extends Number> T aNumber() {
    return (T) value(Integer.valueOf(8));
  }

  @ThreeWays
  @Async
  void resultsThatAreWidened() throws Exception {
    ToLong fromInt = MethodReferencesTest::anInt;
    ToLong fromByte = MethodReferencesTest::aByte;
    ToLong fromShort = MethodReferencesTest::aShort;
    ToLong fromChar = MethodReferencesTest::aChar;
    log(fromInt.get() + fromByte.get() + fromShort.get() + fromChar.get());
    ToDouble intToDouble = MethodReferencesTest::anInt;
    ToDouble longToDouble = MethodReferencesTest::aLong;
    ToDouble floatToDouble = MethodReferencesTest::aFloat;
    log(intToDouble.get(), longToDouble.get(), floatToDouble.get());
    ToInt byteToInt = MethodReferencesTest::aByte;
    ToInt charToInt = MethodReferencesTest::aChar;
    log(byteToInt.get(), charToInt.get());
  }

  @ThreeWays
  @Async
  void resultsThatAreUnboxed() throws Exception {
    ToInt toInt = MethodReferencesTest::boxedInt;
    ToLong toLong = MethodReferencesTest::boxedInt;
    ToDouble toDouble = MethodReferencesTest::boxedInt;
    ToBoolean toBoolean = MethodReferencesTest::boxedBoolean;
    ToLong fromGeneric = MethodReferencesTest::<Integer>anything;
    ToLong fromBounded = MethodReferencesTest::<Integer>aNumber;
    log(toInt.get(), toLong.get(), toDouble.get(), toBoolean.get());
    log(fromGeneric.get(), fromBounded.get());
  }

  @ThreeWays
  @Async
  void resultsThatAreBoxed() throws Exception {
    ToObject fromInt = MethodReferencesTest::anInt;
    ToObject fromChar = MethodReferencesTest::aChar;
    ToObject fromBoolean = MethodReferencesTest::aBoolean;
    ToObject fromLong = MethodReferencesTest::aLong;
    ToNumber number = MethodReferencesTest::aFloat;
    ToNumber bounded = MethodReferencesTest::aNumber;
    ToComparable comparable = MethodReferencesTest::anInt;
    log(fromInt.get(), fromChar.get(), fromBoolean.get(), fromLong.get());
    log(number.get(), bounded.get(), comparable.get());
    ToAny<Long> any = MethodReferencesTest::aLong;
    ToAny<? extends Number> wild = MethodReferencesTest::anInt;
    log(any.get() + 1, wild.get());
  }

  @ThreeWays
  @Async
  void resultsThatAreDropped() throws Exception {
    ToNothing one = MethodReferencesTest::anInt;
    ToNothing two = MethodReferencesTest::aLong;
    ToNothing reference = MethodReferencesTest::boxedBoolean;
    ToNothing created = MethodReferencesTest::new;
    one.get();
    two.get();
    reference.get();
    created.get();
    log(value("done"));
  }

  interface Converting {
    @Async
    Object call(int a, Integer b, long c) throws Exception;
  }

  @Async
  private static String converted(long a, double b, Object c) {
    return value(a) + "," + b + "," + c;
  }

  @ThreeWays
  @Async
  void argumentsThatAreConverted() throws Exception {
    Converting call = MethodReferencesTest::converted;
    log(call.call(1, 2, 3L));
  }

  @ThreeWays
  @Async
  void unboxingOfNullThrowsWhereItDoesInPlainJava() throws Exception {
    ToInt toInt = MethodReferencesTest::nothing;
    try {
      log(toInt.get());
    } catch (NullPointerException e) {
      log("null", value(1));
    }
  }

  @Async
  private static Integer nothing() {
    return value((Integer) null);
  }

  /** A cast that the reference makes on the result of a generic method. */
  @ThreeWays
  @Async
  void castOfAGenericResultFails() throws Exception {
    ToAny<Object> raw = MethodReferencesTest::<Object>anything;
    ToText text = MethodReferencesTest::<String>anything;
    log(raw.get());
    try {
      log(text.get());
    } catch (ClassCastException e) {
      log("cast", value(1));
    }
  }

  interface ToText {
    @Async
    String get() throws Exception;
  }
}
