package io.treadle.continuation;

import org.jspecify.annotations.Nullable;

/** A frame for four references and two ints. */
public final class FrameI2R4 extends Frame {
  public @Nullable Object r0;
  public @Nullable Object r1;
  public @Nullable Object r2;
  public @Nullable Object r3;
  public int i0;
  public int i1;

  private FrameI2R4() {}

  /** {@link Frame#save}, for this shape. */
  public static @Nullable FrameI2R4 save(
      Coroutine c, @Nullable FrameI2R4 own, Entry entry, int point) {
    FrameI2R4 frame = own;
    while (frame == null) {
      try {
        frame = new FrameI2R4();
      } catch (VirtualMachineError e) {
        if (c.recover(e)) {
          return null;
        }
      }
    }
    return c.push(frame, entry, point);
  }

  /** Drops every reference: what is restored is no longer held here. */
  public void clear() {
    r0 = null;
    r1 = null;
    r2 = null;
    r3 = null;
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
