package io.treadle.instrumenter.weave;

import org.objectweb.asm.Type;

/**
 * The frames that the runtime has. A shape has so many fields for references and for ints; a long
 * takes two ints that start at an even one. The last shape has arrays and holds anything.
 */
enum FrameShape {
  EMPTY("Frame", 0, 0),
  R2("FrameR2", 2, 0),
  I1R1("FrameI1R1", 1, 1),
  I2("FrameI2", 0, 2),
  I2R4("FrameI2R4", 4, 2),
  I4R8("FrameI4R8", 8, 4),
  ANY("FrameN", Integer.MAX_VALUE, Integer.MAX_VALUE);

  private final String internalName;
  private final int references;
  private final int ints;

  FrameShape(String simpleName, int references, int ints) {
    this.internalName =
        Type.getObjectType("io/treadle/continuation/" + simpleName).getInternalName();
    this.references = references;
    this.ints = ints;
  }

  String internalName() {
    return internalName;
  }

  String descriptor() {
    return "L" + internalName + ";";
  }

  /** The smallest shape with room for these. */
  static FrameShape forCounts(int references, int ints) {
    for (FrameShape shape : values()) {
      if (references <= shape.references && ints <= shape.ints) {
        return shape;
      }
    }
    throw new AssertionError();
  }
}
