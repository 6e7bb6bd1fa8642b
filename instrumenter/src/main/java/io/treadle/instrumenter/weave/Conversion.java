package io.treadle.instrumenter.weave;

import java.util.Map;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;

/** The conversions between the types of a functional interface and those of a method reference. */
final class Conversion {
  private static final Map<String, Type> UNBOXED =
      Map.of(
          "java/lang/Boolean", Type.BOOLEAN_TYPE,
          "java/lang/Byte", Type.BYTE_TYPE,
          "java/lang/Character", Type.CHAR_TYPE,
          "java/lang/Short", Type.SHORT_TYPE,
          "java/lang/Integer", Type.INT_TYPE,
          "java/lang/Long", Type.LONG_TYPE,
          "java/lang/Float", Type.FLOAT_TYPE,
          "java/lang/Double", Type.DOUBLE_TYPE);

  private Conversion() {}

  /**
   * Converts the value on top of the stack: widens, boxes, unboxes, casts, as the metafactory does.
   */
  static void convert(GeneratorAdapter code, Type from, Type to) {
    if (from.equals(to)) {
      return;
    }
    boolean fromPrimitive = from.getSort() < Type.ARRAY;
    boolean toPrimitive = to.getSort() < Type.ARRAY;
    if (fromPrimitive && toPrimitive) {
      code.cast(from, to);
    } else if (fromPrimitive) {
      Type exact = UNBOXED.get(to.getInternalName());
      if (exact != null) {
        code.cast(from, exact);
        code.valueOf(exact);
      } else {
        code.valueOf(from);
      }
    } else if (toPrimitive) {
      Type exact = UNBOXED.get(from.getInternalName());
      code.unbox(exact == null ? to : exact);
      if (exact != null) {
        code.cast(exact, to);
      }
    } else if (!to.getInternalName().equals("java/lang/Object")) {
      code.checkCast(to);
    }
  }
}
