package io.treadle.continuation;

import org.jspecify.annotations.Nullable;

/** A frame for eight references and four ints. */
public final class FrameI4R8 extends Frame {
  public @Nullable Object r0;
  public @Nullable Object r1;
  public @Nullable Object r2;
  public @Nullable Object r3;
  public @Nullable Object r4;
  public @Nullable Object r5;
  public @Nullable Object r6;
  public @Nullable Object r7;
  public int i0;
  public int i1;
  public int i2;
  public int i3;

  private FrameI4R8() {}

  /** {@link Frame#save}, for this shape. */
  public static @Nullable FrameI4R8 save(
      Coroutine c, @Nullable FrameI4R8 own, Entry entry, int point) {
    FrameI4R8 frame = own;
    while (frame == null) {
      try {
        frame = new FrameI4R8();
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
    r4 = null;
    r5 = null;
    r6 = null;
    r7 = null;
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

  /** Stores a long in {@code i2} and {@code i3}. */
  public void j2(long value) {
    i2 = (int) value;
    i3 = (int) (value >>> 32);
  }

  /** The long in {@code i2} and {@code i3}. */
  public long j2() {
    return i2 & 0xFFFFFFFFL | (long) i3 << 32;
  }
}
