package io.treadle.continuation;

import org.jspecify.annotations.Nullable;

/** A frame for two references. */
public final class FrameR2 extends Frame {
  public @Nullable Object r0;
  public @Nullable Object r1;

  private FrameR2() {}

  /** {@link Frame#save}, for this shape. */
  public static @Nullable FrameR2 save(Coroutine c, @Nullable FrameR2 own, Entry entry, int point) {
    FrameR2 frame = own;
    while (frame == null) {
      try {
        frame = new FrameR2();
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
  }
}
