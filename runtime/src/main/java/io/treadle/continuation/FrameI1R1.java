package io.treadle.continuation;

import org.jspecify.annotations.Nullable;

/** A frame for a reference and an int. */
public final class FrameI1R1 extends Frame {
  public @Nullable Object r0;
  public int i0;

  private FrameI1R1() {}

  /** {@link Frame#save}, for this shape. */
  public static @Nullable FrameI1R1 save(
      Coroutine c, @Nullable FrameI1R1 own, Entry entry, int point) {
    FrameI1R1 frame = own;
    while (frame == null) {
      try {
        frame = new FrameI1R1();
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
  }
}
