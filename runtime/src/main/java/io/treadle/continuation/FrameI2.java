package io.treadle.continuation;

import org.jspecify.annotations.Nullable;

/** A frame for two ints, or a long. */
public final class FrameI2 extends Frame {

  public int i0;
  public int i1;

  private FrameI2() {}

  /** {@link Frame#save}, for this shape. */
  public static @Nullable FrameI2 save(Coroutine c, @Nullable FrameI2 own, Entry entry, int point) {
    FrameI2 frame = own;
    while (frame == null) {
      try {
        frame = new FrameI2();
      } catch (VirtualMachineError e) {
        if (c.recover(e)) {
          return null;
        }
      }
    }
    return c.push(frame, entry, point);
  }

  /** Stores a long in {@code i0} and {@code i1}. */
  public void j0(long value) {
    i0 = (int) value;
    i1 = (int) (value >>> 32);
  }

  /** The long in {@code i0} and {@code i1}. */
  public long j0() {
    return i0 & 0xFFFFFFFFL | (long) i1 << 32;
  }
}
