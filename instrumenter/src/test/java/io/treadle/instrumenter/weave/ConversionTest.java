package io.treadle.instrumenter.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Assembly;
import io.treadle.instrumenter.Program;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.tree.MethodNode;

/** Conversions between an interface and a method reference, compared with method handles. */
class ConversionTest {
  @ParameterizedTest
  @CsvSource({
    "int, int",
    "int, long",
    "int, double",
    "byte, short",
    "char, int",
    "float, double",
    "long, float",
    "int, java.lang.Integer",
    "int, java.lang.Number",
    "int, java.lang.Object",
    "boolean, java.lang.Boolean",
    "boolean, java.io.Serializable",
    "char, java.lang.Character",
    "char, java.lang.Comparable",
    "long, java.lang.Long",
    "java.lang.Integer, int",
    "java.lang.Integer, long",
    "java.lang.Integer, double",
    "java.lang.Byte, int",
    "java.lang.Character, int",
    "java.lang.Boolean, boolean",
    "java.lang.Long, float",
    "java.lang.Object, int",
    "java.lang.Object, boolean",
    "java.lang.Object, char",
    "java.lang.Number, int",
    "java.lang.Object, java.lang.String",
    "java.lang.String, java.lang.Object",
    "java.lang.String, java.lang.CharSequence",
    "java.lang.Object, [I",
    "[I, java.lang.Object",
  })
  void aValueIsConvertedAsAMethodHandleWould(String from, String to) throws Throwable {
    Class<?> source = type(from);
    Class<?> target = type(to);
    Object value = value(source, target);
    MethodHandle expected =
        MethodHandles.identity(source).asType(MethodType.methodType(target, source));
    Object converted = converter(source, target).invokeWithArguments(value);
    assertThat(converted)
        .isEqualTo(expected.invokeWithArguments(value))
        .hasSameClassAs(expected.invokeWithArguments(value));
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return switch (name) {
      case "boolean" -> boolean.class;
      case "byte" -> byte.class;
      case "char" -> char.class;
      case "short" -> short.class;
      case "int" -> int.class;
      case "long" -> long.class;
      case "float" -> float.class;
      case "double" -> double.class;
      default -> Class.forName(name);
    };
  }

  /** A value of the source type that the target type can take. */
  private static Object value(Class<?> source, Class<?> target) {
    Class<?> type =
        source == Object.class || source == Number.class
            ? MethodType.methodType(target).wrap().returnType()
            : MethodType.methodType(source).wrap().returnType();
    if (type == Boolean.class) {
      return true;
    } else if (type == Character.class) {
      return 'c';
    } else if (type == Byte.class) {
      return (byte) -5;
    } else if (type == Long.class) {
      return 1L << 40;
    } else if (type == Float.class) {
      return 1.5f;
    } else if (type == int[].class) {
      return new int[] {1};
    }
    return type == Integer.class ? (Object) 123456 : "text";
  }

  private static MethodHandle converter(Class<?> from, Class<?> to) throws Exception {
    MethodType type = MethodType.methodType(to, from);
    MethodNode method =
        new MethodNode(
            Opcodes.ASM9,
            Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC,
            "convert",
            type.descriptorString(),
            null,
            null);
    GeneratorAdapter code = new GeneratorAdapter(method, method.access, method.name, method.desc);
    code.loadArg(0);
    Conversion.convert(code, Type.getType(from), Type.getType(to));
    code.returnValue();
    code.endMethod();
    byte[] bytes = Assembly.classFile(Opcodes.V17, "Converter", method);
    Class<?> loaded = Program.ofClasses(Map.of("Converter", bytes)).load().loadClass("Converter");
    return MethodHandles.publicLookup().findStatic(loaded, "convert", type);
  }
}
