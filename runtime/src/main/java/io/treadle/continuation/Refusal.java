package io.treadle.continuation;

import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The error of a stub: who called what, and the ways out. */
final class Refusal {
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
  private static final String ASYNC = "io.treadle.Async";

  private Refusal() {}

  /**
   * @param owner the class, as Java writes it
   * @param method the method, name and descriptor
   */
  static IllegalStateException of(String owner, String method) {
    Optional<StackWalker.StackFrame> caller =
        WALKER.walk(
            frames ->
                frames
                    .dropWhile(
                        f -> f.getDeclaringClass().getPackage() == Refusal.class.getPackage())
                    .skip(1) // the stub
                    .findFirst());
    String callee = owner + "." + readable(method);
    return new IllegalStateException(
        callee
            + " is @Async; "
            + caller
                .map(f -> "it was called from " + reason(f))
                .orElse("it was called by native code"));
  }

  private static String reason(StackWalker.StackFrame caller) {
    String place =
        caller.getClassName() + "." + caller.getMethodName() + " (" + place(caller) + "), ";
    for (Annotation annotation : annotations(caller)) {
      Class<?> type = annotation.annotationType();
      if (type.getName().equals(ASYNC)) {
        return place
            + "which is @Async but was not woven: add the treadle-maven-plugin to the build (goals"
            + " weave and test-weave), or start the program with -javaagent:treadle-agent.jar";
      }
      if (type.getSimpleName().equals("Async")) {
        return place
            + "which bears @"
            + type.getName()
            + ", not @"
            + ASYNC
            + ": use that annotation, and weave the class with the treadle-maven-plugin or"
            + " -javaagent:treadle-agent.jar";
      }
    }
    return place
        + "which is not @Async code: call it from an @Async method, or start it with Treadle.run(()"
        + " -> ...) or EventLoop.submit. If it should be @Async code, the class was not woven: use"
        + " the treadle-maven-plugin or -javaagent:treadle-agent.jar";
  }

  private static String place(StackWalker.StackFrame frame) {
    return frame.getFileName() == null
        ? "unknown source"
        : frame.getFileName() + ":" + frame.getLineNumber();
  }

  private static Annotation[] annotations(StackWalker.StackFrame frame) {
    MethodType type = frame.getMethodType();
    try {
      Method method =
          frame.getDeclaringClass().getDeclaredMethod(frame.getMethodName(), type.parameterArray());
      return method.getAnnotations();
    } catch (NoSuchMethodException | LinkageError e) { // a constructor, or a type that is not there
      return new Annotation[0];
    }
  }

  /** A name and descriptor as Java writes them: {@code fetch(java.net.URI)}. */
  static String readable(String method) {
    int parameters = method.indexOf('(');
    try {
      MethodType type =
          MethodType.fromMethodDescriptorString(
              method.substring(parameters), Thread.currentThread().getContextClassLoader());
      return method.substring(0, parameters)
          + Arrays.stream(type.parameterArray())
              .map(Class::getTypeName)
              .collect(Collectors.joining(", ", "(", ")"));
    } catch (TypeNotPresentException e) {
      return method;
    }
  }
}
