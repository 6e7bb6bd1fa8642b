package io.treadle.task;

import io.treadle.continuation.FutureBody;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A coroutine whose outcome becomes that of a future. */
abstract class Body extends FutureBody {
  /** The body returns the value of the future. */
  static final byte VALUE = 0;

  /** The body returns nothing; the value of the future is null. */
  static final byte VOID = 1;

  /** The body is future-style: it returns a stage, which the future adopts. */
  static final byte STAGE = 2;

  /** The body has returned its stage, and the coroutine awaits it. */
  private static final byte ADOPTING = 3;

  private byte kind;

  Body(byte kind) {
    this.kind = kind;
  }

  final boolean isVoid() {
    return kind == VOID;
  }

  /** True if the given error asks this body itself to end, not a scope in it or another body. */
  abstract boolean isOwn(Cancelled error);

  /**
   * Called when the body has ended and its outcome is in the registers.
   *
   * @return false if it has returned a stage, and the coroutine is suspended until that is complete
   */
  final boolean hasOutcome() {
    if (kind != STAGE || failed()) {
      return true;
    }
    kind = ADOPTING;
    try {
      CompletionStage<?> stage = (CompletionStage<?>) takeRef();
      if (stage == null) {
        throw new NullPointerException("a future-style method returned null in place of a future");
      }
      Object value = Awaiting.await(stage, this);
      if (status == SUSPENDED) {
        return false;
      }
      succeed(value);
    } catch (Throwable failure) {
      fail(failure);
    }
    return true;
  }

  /** Takes the outcome out of the registers. */
  final Object takeOutcome() {
    try {
      if (kind == VOID) {
        takeVoid();
        return Outcome.NULL;
      }
      return Outcome.ofValue(takeRef());
    } catch (Throwable failure) {
      return failure instanceof Cancelled && isOwn((Cancelled) failure)
          ? Outcome.CANCELLED
          : Outcome.ofFailure(failure);
    }
  }

  @Override
  public Object returned(@Nullable Object stage) {
    throw new AssertionError("not a future-style body");
  }

  @Override
  public Object failed(Throwable failure) {
    throw new AssertionError("not a future-style body");
  }
}
