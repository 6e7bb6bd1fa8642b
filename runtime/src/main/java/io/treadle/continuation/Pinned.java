package io.treadle.continuation;

/**
 * The coroutine of a body with code on the stack that is not woven: it runs, and fails where it
 * would suspend.
 */
final class Pinned extends Coroutine {
  private final String receiverClass;
  private final String method;

  Pinned(String receiverClass, String method) {
    this.receiverClass = receiverClass;
    this.method = method;
  }

  @Override
  protected void admit(String what) {
    throw new IllegalStateException(
        what
            + " cannot suspend here: "
            + receiverClass
            + " intercepts "
            + Refusal.readable(method)
            + " and is not woven, so its code is on the stack. Weave that class, or give the method"
            + " a future style (return a CompletableFuture), where interceptors may wait for the"
            + " future");
  }

  @Override
  protected void wake(Suspension<?> suspension) {
    throw new AssertionError("never suspended");
  }
}
