package io.treadle.continuation;

import org.jspecify.annotations.Nullable;

/** A frame for any number of references and primitives. */
public final class FrameN extends Frame {
  public final @Nullable Object[] refs;

  /** Every primitive takes one word, whatever its type. */
  public final long[] words;

  private FrameN(int refs, int words) {
    this.refs = new Object[refs];
    this.words = new long[words];
  }

  /** {@link Frame#save}, for this shape. */
  public static @Nullable FrameN save(
      Coroutine c, @Nullable FrameN own, Entry entry, int point, int refs, int words) {
    FrameN frame = own;
    while (frame == null) {
      try {
        frame = new FrameN(refs, words);
      } catch (VirtualMachineError e) {
        if (c.recover(e)) {
          return null;
        }
      }
    }
    return c.push(frame, entry, point);
  }

  /** Stores a reference. The value comes first: woven code has it on the stack. */
  public static void put(@Nullable Object value, FrameN frame, int index) {
    frame.refs[index] = value;
  }

  /** Stores a word. */
  public static void put(long value, FrameN frame, int index) {
    frame.words[index] = value;
  }

  /** The reference; it is no longer held here. */
  public @Nullable Object take(int index) {
    Object value = refs[index];
    refs[index] = null;
    return value;
  }
}
