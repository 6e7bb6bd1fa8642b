package io.treadle.weaving.harness;

import com.sun.management.ThreadMXBean;
import io.treadle.continuation.Coroutine;
import io.treadle.continuation.Suspension;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;

/**
 * A coroutine that is resumed by hand and allocates nothing itself: for tests that count what a
 * suspension costs. It runs a static {@code void run()} that suspends at {@link Points#tick}.
 */
public final class Ticker extends Coroutine {
  private final ClassLoader loader;
  private final MethodHandle twin;
  private boolean suspends = true;

  /** A coroutine that has not started. */
  public Ticker(Program program, String className) {
    try {
      loader = program.load();
      Class<?> type = Class.forName(className, false, loader);
      Method method = type.getDeclaredMethod("run", Coroutine.class);
      method.setAccessible(true);
      twin = MethodHandles.lookup().unreflect(method);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** The loader of the program that it runs. */
  public ClassLoader loader() {
    return loader;
  }

  /** Says whether ticks suspend from now on. */
  public Ticker suspends(boolean suspends) {
    this.suspends = suspends;
    return this;
  }

  boolean suspends() {
    return suspends;
  }

  /** Runs to the first suspension; true if the end came first. */
  public boolean start() throws Throwable {
    twin.invoke((Coroutine) this);
    if (status == RUNNING) {
      return true;
    }
    unwound();
    return false;
  }

  /** Goes on to the next suspension; true if the end came first. */
  public boolean tick() {
    succeed(null);
    return ended();
  }

  /** Goes on with a failure; true if the end came before the next suspension. */
  public boolean tick(Throwable failure) {
    fail(failure);
    return ended();
  }

  private boolean ended() {
    if (!resume()) {
      return false;
    }
    takeVoid();
    return true;
  }

  /** How many bytes this thread has allocated. */
  public static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Override
  protected void admit(String what) {}

  @Override
  protected void wake(Suspension<?> suspension) {
    throw new AssertionError("ticks have no suspension");
  }
}
