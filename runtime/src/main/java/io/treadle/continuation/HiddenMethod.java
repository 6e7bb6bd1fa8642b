package io.treadle.continuation;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Finds a method by the text of its descriptor, so that nobody has to name the types in it. */
final class HiddenMethod {
  private HiddenMethod() {}

  /**
   * The method that a call of this class resolves to: of the class, its superclasses, interfaces.
   */
  static Method find(Class<?> owner, String name, String descriptor) {
    Method found = null;
    for (Class<?> c = owner; c != null && found == null; c = c.getSuperclass()) {
      found = declared(c, name, descriptor);
    }
    for (Class<?> c = owner; c != null && found == null; c = c.getSuperclass()) {
      found = inInterfaces(c, name, descriptor);
    }
    if (found == null) {
      throw new NoSuchMethodError(owner.getName() + "." + name + descriptor);
    }
    return found;
  }

  private static @Nullable Method inInterfaces(Class<?> type, String name, String descriptor) {
    for (Class<?> i : type.getInterfaces()) {
      Method own = declared(i, name, descriptor);
      Method found = own != null ? own : inInterfaces(i, name, descriptor);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Method declared(Class<?> in, String name, String descriptor) {
    for (Method method : in.getDeclaredMethods()) {
      if (method.getName().equals(name)
          && MethodType.methodType(method.getReturnType(), method.getParameterTypes())
              .toMethodDescriptorString()
              .equals(descriptor)) {
        return method;
      }
    }
    return null;
  }
}
