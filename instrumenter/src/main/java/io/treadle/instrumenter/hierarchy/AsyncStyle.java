package io.treadle.instrumenter.hierarchy;

import org.objectweb.asm.Type;

/** How an {@code @Async} method is called. */
public enum AsyncStyle {
  /** From async code, like any method. */
  DIRECT,

  /** From anywhere; it returns a future. */
  FUTURE;

  /** The style that a declared return type asks for. */
  public static AsyncStyle declared(String descriptor) {
    String type = Type.getReturnType(descriptor).getInternalName();
    return isFuture(type) ? FUTURE : DIRECT;
  }

  /** True for the three types that make a method future style. */
  public static boolean isFuture(String type) {
    return type.equals("java/util/concurrent/CompletableFuture")
        || type.equals("java/util/concurrent/CompletionStage")
        || type.equals(Names.TASK);
  }
}
