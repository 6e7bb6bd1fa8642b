package io.treadle.weaving.harness;

import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Suspension;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that may suspend in a case. The plain methods are what a blocking program calls; each
 * has a twin, written by hand, that suspends if the {@link Schedule} says so.
 */
public final class Points {
  private Points() {}

  /** Returns the value. */
  public static <T> T value(T x) {
    called(x);
    return x;
  }

  /** The twin. */
  public static <T> @Nullable T value(T x, Coroutine c) {
    called(x);
    Suspension<T> suspension = Driver.suspension(c);
    if (suspension == null) {
      return x;
    }
    Driver.outcome(c, suspension, x, null, List.of());
    return suspension.await();
  }

  /** Returns the value. */
  public static int value(int x) {
    called(x);
    return x;
  }

  /** The twin. */
  public static int value(int x, Coroutine c) {
    called(x);
    if (suspends(c, x)) {
      return -77;
    }
    return x;
  }

  /** Returns the value. */
  public static long value(long x) {
    called(x);
    return x;
  }

  /** The twin. */
  public static long value(long x, Coroutine c) {
    called(x);
    if (suspends(c, x)) {
      return -77L;
    }
    return x;
  }

  /** Returns the value. */
  public static float value(float x) {
    called(x);
    return x;
  }

  /** The twin. */
  public static float value(float x, Coroutine c) {
    called(x);
    if (suspends(c, x)) {
      return -77f;
    }
    return x;
  }

  /** Returns the value. */
  public static double value(double x) {
    called(x);
    return x;
  }

  /** The twin. */
  public static double value(double x, Coroutine c) {
    called(x);
    if (suspends(c, x)) {
      return -77d;
    }
    return x;
  }

  /** Returns the value. */
  public static boolean value(boolean x) {
    called(x);
    return x;
  }

  /** The twin. */
  public static boolean value(boolean x, Coroutine c) {
    called(x);
    if (suspends(c, x)) {
      return !x;
    }
    return x;
  }

  /** Returns the value. */
  public static byte value(byte x) {
    called(x);
    return x;
  }

  /** The twin. */
  public static byte value(byte x, Coroutine c) {
    called(x);
    if (suspends(c, x)) {
      return -77;
    }
    return x;
  }

  /** Returns the value. */
  public static char value(char x) {
    called(x);
    return x;
  }

  /** The twin. */
  public static char value(char x, Coroutine c) {
    called(x);
    if (suspends(c, x)) {
      return '?';
    }
    return x;
  }

  /** Returns the value. */
  public static short value(short x) {
    called(x);
    return x;
  }

  /** The twin. */
  public static short value(short x, Coroutine c) {
    called(x);
    if (suspends(c, x)) {
      return -77;
    }
    return x;
  }

  /** Throws the failure. */
  public static <T, X extends Throwable> T failing(X failure) throws X {
    called(failure);
    throw failure;
  }

  /** The twin. */
  public static <T, X extends Throwable> @Nullable T failing(X failure, Coroutine c) throws X {
    called(failure);
    Suspension<T> suspension = Driver.suspension(c);
    if (suspension == null) {
      throw failure;
    }
    Driver.outcome(c, suspension, null, failure, List.of());
    return suspension.await();
  }

  /** Returns nothing. A resume brings an object all the same, watched as {@code "unread"}. */
  public static void pause() {
    paused();
  }

  /** The twin. */
  public static void pause(Coroutine c) {
    Object unread = paused();
    Suspension<Object> suspension = Driver.suspension(c);
    if (suspension != null) {
      Driver.outcome(c, suspension, unread, null, List.of());
      suspension.await();
    }
  }

  private static Object paused() {
    called("pause");
    return Trace.watch("unread", new Object());
  }

  /** Returns nothing. While it is suspended, the watched objects must not be reachable. */
  public static void pauseWithout(String... watched) {
    called("pauseWithout");
  }

  /** The twin. */
  public static void pauseWithout(String[] watched, Coroutine c) {
    called("pauseWithout");
    Suspension<Object> suspension = Driver.suspension(c);
    if (suspension != null) {
      Driver.outcome(c, suspension, null, null, List.of(watched));
      suspension.await();
    }
  }

  /** Returns nothing, and logs nothing: suspends a {@link Ticker} only, and without allocation. */
  public static void tick() {}

  /** The twin. */
  public static void tick(Coroutine c) {
    if (c instanceof Ticker ticker && ticker.suspends()) {
      c.suspending();
    }
  }

  private static void called(@Nullable Object argument) {
    Trace.log("called", argument);
  }

  private static boolean suspends(Coroutine c, Object primitive) {
    Suspension<Object> suspension = Driver.suspension(c);
    if (suspension == null) {
      return false;
    }
    Driver.outcome(c, suspension, primitive, null, List.of());
    suspension.await();
    return true;
  }
}
