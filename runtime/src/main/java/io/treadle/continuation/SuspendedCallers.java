package io.treadle.continuation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Completes the stack trace of a failure that leaves a resumed body: its callers are not on the
 * stack, they are frames.
 *
 * <p>What the trace shows below the trampoline (the loop) is replaced by the suspended callers;
 * what the weaver added is taken out; methods get the names that the user gave them. It is done
 * once for each failure.
 */
final class SuspendedCallers {
  /** The last line of a trace that is complete. */
  private static final StackTraceElement END =
      new StackTraceElement("io.treadle", "suspended", "callers above", -1);

  private static final String TRAMPOLINE = Coroutine.class.getName();
  private static final String PACKAGE = Coroutine.class.getPackageName() + ".";
  private static final String BODY = "lambda$";
  private static final String BODY_END = "$async";
  private static final String RESUME = "resume$";

  private SuspendedCallers() {}

  /** Appends the frames from the given one outwards. */
  static void append(Throwable failure, @Nullable Frame from) {
    if (from == null) {
      return;
    }
    StackTraceElement[] physical = failure.getStackTrace();
    if (physical.length == 0 || physical[physical.length - 1].equals(END)) {
      return;
    }
    List<StackTraceElement> trace = new ArrayList<>();
    for (StackTraceElement element : physical) {
      if (element.getClassName().equals(TRAMPOLINE) && element.getMethodName().equals("resume")) {
        break;
      }
      if (!isWeaving(element, trace)) {
        trace.add(named(element));
      }
    }
    for (Frame frame = from; frame != null; frame = frame.caller) {
      trace.add(FrameDescription.of(frame));
    }
    trace.add(END);
    failure.setStackTrace(trace.toArray(new StackTraceElement[0]));
  }

  /** A twin that only forwards to the body just above it, or a method that enters a body. */
  private static boolean isWeaving(StackTraceElement element, List<StackTraceElement> above) {
    String name = element.getMethodName();
    if (name.startsWith(RESUME) || element.getClassName().startsWith(PACKAGE)) {
      return true;
    }
    if (element.getLineNumber() >= 0 || above.isEmpty()) {
      return false;
    }
    StackTraceElement callee = above.get(above.size() - 1);
    return callee.getClassName().equals(element.getClassName())
        && callee.getMethodName().equals(name);
  }

  /** The element under the name of the user's method. */
  private static StackTraceElement named(StackTraceElement element) {
    String name = element.getMethodName();
    int end = name.lastIndexOf(BODY_END);
    if (!name.startsWith(BODY) || end < BODY.length()) {
      return element;
    }
    String user = name.substring(BODY.length(), end);
    return new StackTraceElement(
        null, // the names of the JDK's own loaders are left out where the JVM prints a trace, too
        element.getModuleName(),
        element.getModuleVersion(),
        element.getClassName(),
        user,
        element.getFileName(),
        element.getLineNumber());
  }
}
