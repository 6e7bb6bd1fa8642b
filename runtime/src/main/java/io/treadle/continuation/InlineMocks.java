package io.treadle.continuation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Asks Mockito whether an object is a mock; for mocks that are instances of the mocked class
 * itself.
 */
final class InlineMocks {
  /**
   * Mockito's inline mock maker adds this class to the boot loader before it makes its first mock.
   */
  private static final String MARK =
      "org.mockito.internal.creation.bytebuddy.inject.MockMethodDispatcher";

  private final MethodHandle isMock;

  private InlineMocks(MethodHandle isMock) {
    this.isMock = isMock;
  }

  /** Null when there are no such mocks in this JVM, or none that this loader can see. */
  static @Nullable InlineMocks in(@Nullable ClassLoader loader) {
    try {
      Class.forName(MARK, false, null);
    } catch (ClassNotFoundException none) {
      return null;
    }
    InlineMocks found = mockito(loader);
    return found != null ? found : mockito(Thread.currentThread().getContextClassLoader());
  }

  private static @Nullable InlineMocks mockito(@Nullable ClassLoader loader) {
    try {
      Class<?> mockito = Class.forName("org.mockito.Mockito", false, loader);
      Class<?> details = Class.forName("org.mockito.MockingDetails", false, loader);
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      return new InlineMocks(
          MethodHandles.filterReturnValue(
              lookup.findStatic(
                  mockito, "mockingDetails", MethodType.methodType(details, Object.class)),
              lookup.findVirtual(details, "isMock", MethodType.methodType(boolean.class))));
    } catch (ReflectiveOperationException notThere) {
      return null;
    }
  }

  boolean isMock(Object object) {
    try {
      return (boolean) isMock.invokeExact(object);
    } catch (Throwable t) {
      throw Sneaky.rethrow(t);
    }
  }
}
