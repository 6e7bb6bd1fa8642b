package io.treadle.continuation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The question that the twin of an instance method asks about its receiver, as a call site with an
 * inline cache.
 *
 * <p>Code that was not woven overrides the user's method and does not know of the twin: a subclass,
 * a proxy, a mock. A call of the twin would slip past it. So the twin asks, and is told to run its
 * body (the coroutine comes back as it is), to call the plain method (null), or to run its body in
 * a coroutine that cannot be suspended (an interceptor that has overridden the twin too is on the
 * stack).
 *
 * <p>The answer is constant for a class, and a cached one costs a comparison that the JIT folds.
 * Classes of other loaders are not cached in the site, which would keep them alive.
 *
 * <p>An inline mock is an instance of the user's own class; only the mock maker can tell. Mockito
 * transforms the class when the first mock is made, and so all sites in it are linked anew: they
 * look for Mockito then.
 */
final class Interception extends MutableCallSite {
  private enum Verdict {
    BODY,
    PLAIN,
    PINNED
  }

  private static final int CACHED_CLASSES = 4;

  private static final MethodHandle ASK;
  private static final MethodHandle IS_CLASS;
  private static final MethodHandle PINNED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ASK =
          lookup.findVirtual(
              Interception.class,
              "ask",
              MethodType.methodType(Coroutine.class, Object.class, Coroutine.class));
      IS_CLASS =
          lookup.findStatic(
              Interception.class,
              "isClass",
              MethodType.methodType(boolean.class, Class.class, Object.class));
      PINNED =
          lookup.findVirtual(
              Interception.class,
              "pinned",
              MethodType.methodType(Coroutine.class, Object.class, Coroutine.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Class<?> declaring;
  private final String name;
  private final MethodType plain;

  /** Whether the twin has still to be called, so that its overrides have not been reached. */
  private final boolean beforeCall;

  private final @Nullable InlineMocks mocks;
  private final ClassValue<Verdict> verdicts =
      new ClassValue<>() {
        @Override
        protected Verdict computeValue(Class<?> receiver) {
          return verdict(receiver);
        }
      };

  /** How many classes the site compares with. Guarded by this. */
  private int cached;

  Interception(
      Class<?> declaring, String name, MethodType plain, MethodType type, boolean beforeCall) {
    super(type);
    this.beforeCall = beforeCall;
    this.declaring = declaring;
    this.name = name;
    this.plain = plain;
    this.mocks = InlineMocks.in(declaring.getClassLoader());
    setTarget(ASK.bindTo(this).asType(type));
  }

  private static boolean isClass(Class<?> expected, Object receiver) {
    return receiver.getClass() == expected;
  }

  private Coroutine pinned(Object receiver, Coroutine caller) {
    return new Pinned(receiver.getClass().getName(), name + plain.toMethodDescriptorString());
  }

  private @Nullable Coroutine ask(Object receiver, Coroutine caller) {
    Class<?> type = receiver.getClass();
    Verdict verdict = verdicts.get(type);
    if (mocks != null) {
      boolean mayBeMock = beforeCall || landsHere(type);
      if (verdict == Verdict.BODY && mayBeMock && mocks.isMock(receiver)) {
        return null;
      }
    } else if (type.getClassLoader() == declaring.getClassLoader()) {
      cache(type, verdict);
    }
    return switch (verdict) {
      case BODY -> caller;
      case PLAIN -> null;
      case PINNED -> pinned(receiver, caller);
    };
  }

  private synchronized void cache(Class<?> type, Verdict verdict) {
    if (cached == CACHED_CLASSES) {
      return;
    }
    cached++;
    MethodHandle test =
        IS_CLASS.bindTo(type).asType(MethodType.methodType(boolean.class, type().parameterType(0)));
    MethodHandle answer =
        switch (verdict) {
          case BODY ->
              MethodHandles.dropArguments(
                  MethodHandles.identity(Coroutine.class), 0, type().parameterType(0));
          case PLAIN -> MethodHandles.empty(type());
          case PINNED -> PINNED.bindTo(this).asType(type());
        };
    setTarget(
        MethodHandles.guardWithTest(
            MethodHandles.dropArguments(test, 1, Coroutine.class), answer, getTarget()));
  }

  private Verdict verdict(Class<?> receiver) {
    Method twin = provider(receiver, name, twin(plain));
    if (twin != null && twin.getDeclaringClass() != declaring) {
      if (isVisibilityBridge(twin)) {
        return Verdict.PLAIN;
      } else if (!isWoven(twin)) {
        return beforeCall ? Verdict.PLAIN : Verdict.PINNED;
      }
    }
    if (twin == null || twin.getDeclaringClass() != declaring) {
      return Verdict.BODY; // a super call: what overrides the method has been passed
    }
    Method user = provider(receiver, name, plain);
    return user != null && user.getDeclaringClass() != declaring ? Verdict.PLAIN : Verdict.BODY;
  }

  /** True when a virtual call of the twin arrives at the class of this site. */
  private boolean landsHere(Class<?> receiver) {
    Method twin = provider(receiver, name, twin(plain));
    return twin != null && twin.getDeclaringClass() == declaring;
  }

  private static MethodType twin(MethodType plain) {
    return plain.appendParameterTypes(Coroutine.class);
  }

  /**
   * The weaver makes twins synthetic bridges and never final; what proxies generate is one or the
   * other. Of interfaces, nobody generates any; and lambdas that have twins are woven.
   */
  private static boolean isWoven(Method twin) {
    Class<?> type = twin.getDeclaringClass();
    boolean bridge = twin.isBridge() || type.isInterface();
    return twin.isSynthetic() && bridge && !Modifier.isFinal(twin.getModifiers())
        || type.isHidden() && type.isSynthetic();
  }

  /**
   * True for what Byte Buddy adds to a public subclass for each public method of a superclass that
   * is not public: it looks like the twin that it calls, but its class, which intercepts the user's
   * method, has no body.
   */
  private boolean isVisibilityBridge(Method twin) {
    Class<?> type = twin.getDeclaringClass();
    Method user = declared(type, name, plain);
    return twin.isSynthetic()
        && !Modifier.isFinal(twin.getModifiers())
        && !type.isInterface()
        && user != null
        && !user.isSynthetic()
        && !Modifier.isAbstract(user.getModifiers())
        && Arrays.stream(type.getDeclaredMethods())
            .noneMatch(m -> m.getName().equals("lambda$" + name + "$async"));
  }

  /** True when the class inherits several twins and declares none: it was not woven. */
  static boolean conflicts(Class<?> receiver, String name, MethodType plain) {
    for (Class<?> c = receiver; c != null; c = c.getSuperclass()) {
      if (declared(c, name, twin(plain)) != null) {
        return false;
      }
    }
    return mostSpecific(receiver, name, twin(plain)).size() > 1;
  }

  /**
   * The method that a virtual call runs: of the nearest class, else of the most specific interface.
   */
  private static @Nullable Method provider(Class<?> receiver, String name, MethodType type) {
    for (Class<?> c = receiver; c != null; c = c.getSuperclass()) {
      Method found = declared(c, name, type);
      if (found != null) {
        return found;
      }
    }
    Set<Method> found = mostSpecific(receiver, name, type);
    return found.size() == 1 ? found.iterator().next() : null;
  }

  private static Set<Method> mostSpecific(Class<?> receiver, String name, MethodType type) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> c = receiver; c != null; c = c.getSuperclass()) {
      addInterfaces(c, interfaces);
    }
    Set<Method> found = new LinkedHashSet<>();
    for (Class<?> candidate : interfaces) {
      Method method = declared(candidate, name, type);
      if (method != null && !Modifier.isAbstract(method.getModifiers())) {
        found.removeIf(other -> other.getDeclaringClass().isAssignableFrom(candidate));
        if (found.stream().noneMatch(o -> candidate.isAssignableFrom(o.getDeclaringClass()))) {
          found.add(method);
        }
      }
    }
    return found;
  }

  private static void addInterfaces(Class<?> type, Set<Class<?>> into) {
    for (Class<?> i : type.getInterfaces()) {
      if (into.add(i)) {
        addInterfaces(i, into);
      }
    }
  }

  private static @Nullable Method declared(Class<?> in, String name, MethodType type) {
    for (Method method : in.getDeclaredMethods()) {
      if (method.getName().equals(name)
          && method.getReturnType() == type.returnType()
          && MethodType.methodType(method.getReturnType(), method.getParameterTypes()).equals(type)
          && !Modifier.isStatic(method.getModifiers())) {
        return method;
      }
    }
    return null;
  }
}
