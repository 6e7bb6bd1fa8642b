package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.failing;
import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.pauseWithout;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;
import static io.treadle.weaving.harness.Trace.watch;

import io.treadle.Async;
import io.treadle.weaving.harness.ThreeWays;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Cases 12 to 29, in Java: types of what is saved, and what is saved at all. */
final class TypesAndLivenessTest {

  // ------------------------------------------------------------------ 12 to 17: slots and joins

  @ThreeWays
  @Async
  void slotReusedByAnotherType() {
    {
      String s = null;
      log(s, value(1));
    }
    {
      int n = 5;
      pause();
      log(n);
    }
    {
      long n = value(6L);
      pause();
      log(n);
    }
    {
      float f = 7;
      pause();
      Object o = value("o");
      log(f, o);
    }
    {
      double d = value(8.0);
      int[] is = {value(9)};
      pause();
      log(d, is);
    }
  }

  @Async
  static String join(Object first, int second, Object third) {
    pause();
    return first + "/" + second + "/" + third;
  }

  @ThreeWays
  @Async
  void nullOnTheStack() {
    log(join(null, value(1), null));
    log(join(null, value(2), value(null)));
    Object none = null;
    pause();
    log(none, none == value((Object) null));
  }

  @ThreeWays
  @Async
  void nullJoinedWithAnArray() {
    for (boolean b : new boolean[] {true, false}) {
      Object a = null;
      if (b) {
        a = new Object[0];
      }
      pause();
      String[] names = null;
      if (value(b)) {
        names = new String[] {value("x")};
      }
      pause();
      log(a, names, names == null ? -1 : names.length);
    }
  }

  @ThreeWays
  @Async
  void conditionalWhoseSupertypeNeedsTheHierarchy() {
    for (boolean b : new boolean[] {true, false}) {
      Number n = value(b) ? (Number) 1 : (Number) 1.5f;
      pause();
      log(n.intValue() + value(1), n);
      Number wide = b ? value((Number) 2L) : value((Number) 3.0);
      log(wide.doubleValue(), (b ? (Number) 4 : (Number) 5f).intValue() + value(6));
    }
  }

  interface Named {
    default String name() {
      return getClass().getSimpleName();
    }
  }

  static final class A implements Named, Serializable {
    private static final long serialVersionUID = 1L;
  }

  static final class B implements Named, Serializable {
    private static final long serialVersionUID = 1L;
  }

  @Async
  static String named(Named named, int n) {
    pause();
    return named.name() + n;
  }

  @ThreeWays
  @Async
  void joinOfClassesThatShareOnlyAnInterface() {
    for (boolean b : new boolean[] {true, false}) {
      Named named = b ? new A() : new B();
      pause();
      log(named.name());
      var both = value(b) ? new A() : new B(); // an intersection type
      pause();
      log(both.name(), both instanceof Serializable);
      log(named(b ? new A() : new B(), value(1)));
      Iterable<String> i = b ? List.of("x") : new ArrayList<>(List.of("y"));
      for (String s : i) {
        log(s, value(s));
      }
    }
  }

  @ThreeWays
  @Async
  void comparableIntersectionLiveAcrossACall() {
    for (boolean b : new boolean[] {true, false}) {
      var either = b ? Integer.valueOf(3) : "three";
      pause();
      log(either, either instanceof Comparable, either.hashCode() == value(either).hashCode());
    }
  }

  @ThreeWays
  @Async
  @SuppressWarnings("unused")
  void variableAssignedOnOnePathOnlyAndNeverRead() {
    for (boolean b : new boolean[] {true, false}) {
      int never;
      String alsoNever;
      if (value(b)) {
        never = 1;
        alsoNever = "x";
      }
      pause();
      log(b);
    }
  }

  @ThreeWays
  @Async
  void variableAssignedOnEachPath() {
    for (boolean b : new boolean[] {true, false}) {
      final long n;
      final Object o;
      if (value(b)) {
        n = value(1L);
        o = "x";
      } else {
        o = List.of(value(2));
        n = 3;
      }
      pause();
      log(n, o);
    }
  }

  // ------------------------------------------------------------------ 18, 19

  @ThreeWays
  @Async
  void concatenationInALoopOverAnArray() {
    String s = "s";
    for (String x : new String[] {"a", "b", "c"}) {
      s += ":" + value(x) + value(1) + 'c' + value(2L) + s.length();
    }
    log(s);
    String[] array = {"x", null};
    for (int i = 0; i < array.length; i++) {
      array[i] += value("y") + i;
    }
    log((Object) array);
  }

  /** Without {@code invokedynamic}: a builder is on the stack while a part suspends. */
  @ThreeWays(
      compilers = io.treadle.weaving.harness.SourceCompiler.JAVAC,
      options = "-XDstringConcat=inline")
  @Async
  void concatenationByStringBuilder() {
    String s = "s";
    for (String x : new String[] {"a", "b", "c"}) {
      s += ":" + value(x) + value(1) + 'c' + value(2L) + s.length();
    }
    log(s);
  }

  @Async
  static String parameters(int i, long l, String s, Object o, double d, int last) {
    i++;
    pause();
    l += value(i);
    o = value(s);
    s = null;
    d = value(d) + l;
    pause();
    last = value(last) + i--;
    return i + "," + l + "," + s + "," + o + "," + d + "," + last;
  }

  @ThreeWays
  @Async
  void parametersReassigned() {
    log(parameters(1, 2, "three", "four", 5, 6));
  }

  // ------------------------------------------------------------------ 20, 21, 22

  @ThreeWays
  @Async
  void arraysOfAllKindsInOneSlot() {
    for (int i = 0; i < 3; i++) {
      Object o = i == 0 ? new Object[] {value(1)} : i == 1 ? new float[] {value(2f)} : null;
      pause();
      log(o);
    }
    {
      int[][] a = {{1, value(2)}, {}};
      pause();
      log(a[0][value(1)], a);
    }
    {
      String[] a = {value("s")};
      pause();
      log(a[0].length(), a);
    }
    {
      float[] a = {value(1.5f)};
      pause();
      log(a[0], a);
    }
    {
      List<?>[][] a = new List<?>[value(1)][value(2)];
      a[0][1] = Arrays.asList(value(1));
      pause();
      log(a[0][1].size(), a);
    }
    {
      long[][][] a = new long[2][value(2)][];
      a[1][0] = new long[] {value(7L)};
      pause();
      log((Object) a);
    }
  }

  @ThreeWays
  @Async
  void cloneOfAnArrayAndInstanceofArrays() {
    int[] a = {1, 2};
    int[] b = a.clone();
    pause();
    a[0] = value(5);
    Object o = value((Object) b);
    log(a, b, o instanceof int[], o instanceof Object[], value(a).length);
  }

  @Async
  static String verify(String a, Object b, int c, long d, double e) {
    pause();
    return a + b + c + d + e;
  }

  @ThreeWays
  @Async
  void twoSlotValuesBelowAndAbove() {
    log(verify("a", 'b', value(1), 3L, 2.0));
    log(2L + value(1L) * 3L - value(2L) % value(5L), 1.5 * value(2.0) / value(4f));
    long x = 1L << 40;
    double y = -0.0;
    log(x + value(1) + x, y, 1 / y, 1 / value(y), x > value(3L), y == value(0.0));
  }

  @Async
  static boolean aBoolean(int n) {
    pause();
    return n > 0;
  }

  @Async
  static byte aByte(int n) {
    pause();
    return (byte) n;
  }

  @Async
  static char aChar(int n) {
    pause();
    return (char) n;
  }

  @Async
  static short aShort(int n) {
    pause();
    return (short) n;
  }

  @ThreeWays
  @Async
  @SuppressWarnings("lossy-conversions") // they are the hazard
  void smallTypesRoundTrip() {
    log(aBoolean(1), aBoolean(0), aByte(200), aByte(-1), aChar(65536 + 'x'), aChar(-1));
    log(aShort(40000), aShort(-1), value((byte) -128), value((char) 65535), value((short) -1));
    boolean z = value(true);
    byte b = value((byte) 127);
    char c = value('z');
    short s = value((short) 32767);
    pause();
    b += value(1);
    c++;
    s += value(1L);
    pause();
    b <<= value(1);
    z &= value(false) | aBoolean(1);
    log(z, b, (int) c, s, !z && aBoolean(b));
  }

  @ThreeWays
  @Async
  @SuppressWarnings("lossy-conversions") // they are the hazard
  void booleanArrayAgainstByteArray() {
    boolean[] zs = {false, value(true)};
    byte[] bs = {value((byte) 3), 4};
    zs[0] = aBoolean(1);
    bs[1] += value((byte) 126);
    zs[value(1)] ^= value(true);
    char[] cs = {value('a')};
    cs[0] += value(1);
    short[] ss = {1};
    ss[value(0)]--;
    log(zs, bs, cs, ss);
  }

  @ThreeWays
  @Async
  void bitsOfFloatingPointNumbersSurvive() {
    float f = Float.intBitsToFloat(0x7fc12345);
    double d = Double.longBitsToDouble(0x7ff8123456789abcL);
    float min = -Float.MIN_VALUE;
    pause();
    log(Integer.toHexString(Float.floatToRawIntBits(f)), Float.floatToRawIntBits(value(f)), min);
    log(Long.toHexString(Double.doubleToRawLongBits(d)), Double.doubleToRawLongBits(value(d)));
    log(value(Long.MIN_VALUE), value(-1L), value(0xFFFFFFFFL), value(Integer.MIN_VALUE));
    long low = 0x00000000FFFFFFFFL;
    long high = 0xFFFFFFFF00000000L;
    pause();
    log(low, high, low & high);
  }

  // ------------------------------------------------------------------ 23, 25, 26

  @ThreeWays
  @Async
  void multiCatchAndASuspensionBeforeTheUse() {
    for (int i = 0; i < 3; i++) {
      try {
        if (i == 0) {
          failing(new IOException("io"));
        } else if (i == 1) {
          failing(new IllegalStateException("state"));
        } else {
          failing(new Error("error"));
        }
      } catch (IOException | IllegalStateException e) {
        pause();
        log(e.getMessage(), e);
      } catch (Error e) {
        log(value("error"), e);
      }
    }
  }

  @ThreeWays
  @Async
  void assignmentByACallThatThrowsLeavesTheOldValue() {
    String v = "old";
    try {
      v = failing(new IllegalStateException("x"));
    } catch (IllegalStateException e) {
      log(v);
    }
    int n = 1;
    try {
      n = value(2);
      n = value(3) / value(0);
    } catch (ArithmeticException e) {
      log(n);
    }
    long l = 1;
    try {
      l = value(2L);
      log(l);
      l = TypesAndLivenessTest.<Long, IOException>throwing(new IOException("y"));
    } catch (IOException e) {
      log(l, value("after"));
    }
  }

  @Async
  static <T, X extends Exception> T throwing(X failure) throws X {
    pause();
    throw failure;
  }

  /** Paths join right before the assignment: the stack map there must still know the old value. */
  @ThreeWays
  @Async
  void assignmentOfAConditionalLeavesTheOldValueToTheHandler() {
    for (int i = 0; i < 3; i++) {
      String v = "old" + i;
      long n = i;
      try {
        v = value(i) == 0 ? value("new") : i == 1 ? value("other") : fails();
        n = value(i > 0) ? value(10L) : value(i);
        step(i == 0);
        log("no failure", v, n);
      } catch (IllegalStateException e) {
        pause();
        log(v, n, e);
      }
    }
  }

  @Async
  static String fails() {
    return failing(new IllegalStateException("fails"));
  }

  @ThreeWays
  @Async
  void handlersSeeWhatWasLiveAtEachInstruction() {
    String stage = "none";
    int count = 0;
    for (int fails = 0; fails < 4; fails++) {
      String before = "before" + fails;
      try {
        stage = "one";
        count++;
        step(fails == 0);
        stage = "two";
        before = value("changed");
        step(fails == 1);
        count += 10;
        stage = value("three");
        step(fails == 2);
        stage = "four";
      } catch (IllegalStateException e) {
        pause();
        log(stage, count, before, e);
      } finally {
        log(stage, value(count), before);
      }
    }
  }

  @Async
  static void step(boolean fails) {
    pause();
    if (fails) {
      throw new IllegalStateException("step");
    }
  }

  @ThreeWays
  @Async
  void variableLiveInTheHandlerOnly() {
    Object onlyForTheHandler = value("handler");
    try {
      step(false);
      step(true);
      log("not reached");
      return;
    } catch (IllegalStateException e) {
      log(onlyForTheHandler);
    }
    pause();
  }

  // ------------------------------------------------------------------ 27: leaks

  /** An object of which the string is no part. */
  static final class Thing {
    final String name;

    Thing(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }

    @Async
    void pauseWithoutThis() {
      log(name);
      pauseWithout("thing");
    }
  }

  @ThreeWays
  @Async
  void deadVariablesAreNotKept() {
    Thing thing = watch("thing", new Thing("t"));
    Thing[] things = {watch("element", new Thing("e"))};
    pause();
    log(thing, things[0]);
    pauseWithout("thing", "element");
    pauseWithout("thing", "element");
    log("end");
  }

  @ThreeWays
  @Async
  void variableThatIsReadLaterInOneBranchOnlyIsNotKeptInTheOther() {
    for (boolean b : new boolean[] {true, false}) {
      Thing thing = watch("thing", new Thing("t"));
      if (value(b)) {
        pause();
        log(thing);
      } else {
        pauseWithout("thing");
      }
    }
  }

  @Async
  static void consume(Thing parameter) {
    log(parameter);
    pauseWithout("thing");
  }

  @ThreeWays
  @Async
  void deadParametersAndReceiversAreNotKept() {
    consume(watch("thing", new Thing("argument")));
    watch("thing", new Thing("receiver")).pauseWithoutThis();
    List<Thing> list = new ArrayList<>(List.of(watch("thing", new Thing("removed"))));
    consume(list.remove(0));
    log(list);
  }

  @Async
  static Thing make(String name) {
    pause();
    return watch("thing", new Thing(name));
  }

  @ThreeWays
  @Async
  void resultsAreNotKept() {
    make("dropped");
    pauseWithout("thing");
    log(make("logged").name);
    pauseWithout("thing");
    Thing kept = make("kept");
    log(kept.name.length() + value(1));
    pauseWithout("thing");
    value(watch("thing", new Thing("dropped by a point")));
    pauseWithout("thing");
  }

  @ThreeWays
  @Async
  void whatBroughtAResumeThatReturnsNothingIsNotKept() {
    pause();
    pauseWithout("unread");
    log("end");
  }

  @ThreeWays
  @Async
  void thrownExceptionsAreNotKept() {
    try {
      failing(watch("failure", new IllegalStateException("x")));
    } catch (IllegalStateException e) {
      log(e);
    }
    pauseWithout("failure");
    try {
      step(true);
    } catch (IllegalStateException e) {
      watch("failure", e);
    }
    pauseWithout("failure");
    log("end");
  }

  @ThreeWays
  @Async
  void loopVariablesAreNotKeptAfterTheLoop() {
    for (Thing thing : new Thing[] {watch("a", new Thing("a")), watch("b", new Thing("b"))}) {
      pause();
      log(thing);
    }
    pauseWithout("a", "b");
    Iterator<Thing> things = List.of(watch("c", new Thing("c"))).iterator();
    while (things.hasNext()) {
      log(value(things.next()));
    }
    things = null;
    pauseWithout("c");
    log("end");
  }

  /** Many live references, then few: all shapes of frames give up what they held. */
  @ThreeWays
  @Async
  void framesOfAllShapesGiveUpWhatTheyHeld() {
    few(watch("few", new Thing("few")));
    some();
    many();
  }

  @Async
  static void few(Thing a) {
    pause();
    log(a);
    pauseWithout("few");
    log("end");
  }

  @Async
  static void some() {
    Thing a = watch("a", new Thing("a"));
    Thing b = watch("b", new Thing("b"));
    Thing c = watch("c", new Thing("c"));
    int i = 1;
    pause();
    log(a, b, c, i);
    pauseWithout("a", "b", "c");
    log(i);
  }

  @Async
  static void many() {
    Thing a = watch("a", new Thing("a"));
    Thing b = watch("b", new Thing("b"));
    Thing c = watch("c", new Thing("c"));
    Thing d = watch("d", new Thing("d"));
    Thing e = watch("e", new Thing("e"));
    Thing f = watch("f", new Thing("f"));
    Thing g = watch("g", new Thing("g"));
    Thing h = watch("h", new Thing("h"));
    Thing j = watch("j", new Thing("j"));
    Thing k = watch("k", new Thing("k"));
    long n = 1;
    pause();
    log(a, b, c, d, e);
    pauseWithout("a", "b", "c", "d", "e");
    log(f, g, h, j, k, n);
    pauseWithout("f", "g", "h", "j", "k");
    log(n);
  }

  // ------------------------------------------------------------------ generics

  @Async
  static <T extends Comparable<T>> T max(T one, T other) {
    pause();
    return one.compareTo(value(other)) >= 0 ? one : other;
  }

  @ThreeWays
  @Async
  void genericResultsAreCastAfterTheCall() {
    String s = max("a", "b");
    int n = max(1, 2) + max(4, 3);
    Map.Entry<String, List<Integer>> entry = value(Map.entry(s, List.of(n)));
    log(s.length(), n, entry.getValue().get(value(0)) + value(entry.getKey()).length());
  }

  @ThreeWays
  @Async
  @SuppressWarnings("unchecked")
  void castThatFailsAfterAResumeFailsInTheUsersCode() {
    List<String> polluted = (List<String>) (List<?>) new ArrayList<>(List.of(1));
    try {
      String s = value(polluted.get(0));
      log("not reached", s);
    } catch (ClassCastException e) {
      log("refused", value("after"));
    }
  }
}
