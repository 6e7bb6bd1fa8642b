package io.treadle.continuation;

import org.jspecify.annotations.Nullable;

/**
 * The saved state of one suspended activation of a woven body.
 *
 * <p>Frames form a chain from the innermost activation to the outermost. An activation makes its
 * frame at its first suspension and uses it again at every later one. The subclasses are the
 * shapes: how many references and how many words of primitives an activation can save. A body uses
 * one shape, the smallest that holds what is live at any of its suspension points. Fields are
 * public because woven code stores into them; they hold something only between a suspension and the
 * resume that follows.
 *
 * <p>This class itself is the shape of a body with nothing to save.
 */
public class Frame {
  /** The frame of the activation that called this one; null for the outermost. */
  @Nullable Frame caller;

  /** The body to enter. Set once, when the frame is made. */
  @Nullable Entry entry;

  /** The suspension point: the index plus a number that identifies the version of the body. */
  public int point;

  Frame() {}

  /**
   * Gives the frame to save into and links it to the frames of its callees.
   *
   * @param own the frame of this activation, null at its first suspension
   * @return the frame, or null when there was no memory for one: then the suspension has been made
   *     to fail, the callees have run to their end, and the caller goes on as if its call had
   *     returned
   */
  public static @Nullable Frame save(Coroutine c, @Nullable Frame own, Entry entry, int point) {
    Frame frame = own;
    while (frame == null) {
      try {
        frame = new Frame();
      } catch (VirtualMachineError e) {
        if (c.recover(e)) {
          return null;
        }
      }
    }
    return c.push(frame, entry, point);
  }
}
