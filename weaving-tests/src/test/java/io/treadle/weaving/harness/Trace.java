package io.treadle.weaving.harness;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a case logs, and what it watches. One for each run, bound to the thread that runs. */
public final class Trace {
  private static final ThreadLocal<Trace> CURRENT = new ThreadLocal<>();

  private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{3,8}\\b");

  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, WeakReference<Object>> watched =
      Collections.synchronizedMap(new HashMap<>());

  Trace() {}

  /** Logs values, arrays by their elements, failures with their causes. */
  public static void log(@Nullable Object... values) {
    StringJoiner line = new StringJoiner(", ");
    if (values == null) {
      line.add("null");
    } else {
      for (Object value : values) {
        line.add(text(value));
      }
    }
    current().add(line.toString());
  }

  /** Watches an object: {@link Points#pauseWithout} checks that it can be collected. */
  public static <T> T watch(String name, T object) {
    current().watched.put(name, new WeakReference<>(object));
    return object;
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Throwable failure) {
      return Outcome.describe(failure);
    }
    String text = Arrays.deepToString(new Object[] {value});
    return text.substring(1, text.length() - 1);
  }

  static Trace current() {
    Trace trace = CURRENT.get();
    if (trace == null) {
      throw new IllegalStateException("no case runs on this thread");
    }
    return trace;
  }

  /** Binds this trace to the thread, until {@link #leave}. */
  void enter() {
    CURRENT.set(this);
  }

  static void leave() {
    CURRENT.remove();
  }

  /** Identity hash codes differ from run to run. */
  void add(String line) {
    lines.add(IDENTITY.matcher(line).replaceAll("@..."));
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Fails if one of the objects is still reachable. */
  void checkGone(List<String> names) {
    for (String name : names) {
      WeakReference<Object> reference = watched.get(name);
      if (reference == null) {
        throw new IllegalArgumentException("not watched: " + name);
      }
      for (int attempt = 0; reference.get() != null; attempt++) {
        if (attempt == 20) {
          throw new AssertionError(name + " is kept alive while the case is suspended");
        }
        System.gc();
      }
    }
  }
}
