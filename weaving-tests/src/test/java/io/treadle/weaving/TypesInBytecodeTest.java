package io.treadle.weaving;

import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACONST_NULL;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ARETURN;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.DUP;
import static org.objectweb.asm.Opcodes.DUP2;
import static org.objectweb.asm.Opcodes.DUP2_X1;
import static org.objectweb.asm.Opcodes.DUP2_X2;
import static org.objectweb.asm.Opcodes.DUP_X1;
import static org.objectweb.asm.Opcodes.DUP_X2;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.I2L;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.ICONST_2;
import static org.objectweb.asm.Opcodes.ICONST_3;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.IF_ICMPLT;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKEINTERFACE;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.LADD;
import static org.objectweb.asm.Opcodes.LCONST_1;
import static org.objectweb.asm.Opcodes.LLOAD;
import static org.objectweb.asm.Opcodes.LSTORE;
import static org.objectweb.asm.Opcodes.NEW;
import static org.objectweb.asm.Opcodes.NOP;
import static org.objectweb.asm.Opcodes.POP;
import static org.objectweb.asm.Opcodes.POP2;
import static org.objectweb.asm.Opcodes.SWAP;
import static org.objectweb.asm.Opcodes.V17;
import static org.objectweb.asm.Opcodes.V1_4;
import static org.objectweb.asm.Opcodes.V1_5;
import static org.objectweb.asm.Opcodes.V1_6;
import static org.objectweb.asm.Opcodes.V1_7;
import static org.objectweb.asm.Opcodes.V1_8;

import io.treadle.weaving.harness.Bytecode;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Cases 12 to 31 that need bytecode, class files of old versions, or absent classes. */
final class TypesInBytecodeTest {
  private static final String STRING_VALUE_OF = "(J)Ljava/lang/String;";

  // ------------------------------------------------------------------ 16, 20

  /** The stack map says {@code Object}, and the verifier lets it pass for the interface. */
  @Test
  void interfaceCalledOnWhatIsAnObjectToTheVerifier() {
    Bytecode.run(
            code -> {
              Label other = new Label();
              Label join = new Label();
              code.visitInsn(ICONST_1);
              Bytecode.point(code, "value", "(Z)Z");
              code.visitJumpInsn(IFEQ, other);
              code.visitLdcInsn("chars");
              code.visitJumpInsn(GOTO, join);
              code.visitLabel(other);
              code.visitTypeInsn(NEW, "java/lang/StringBuilder");
              code.visitInsn(DUP);
              Bytecode.init(code, "java/lang/StringBuilder", "()V");
              code.visitLabel(join);
              code.visitVarInsn(ASTORE, 0);
              Bytecode.pause(code);
              code.visitVarInsn(ALOAD, 0);
              code.visitMethodInsn(
                  INVOKEINTERFACE, "java/lang/CharSequence", "length", "()I", true);
              Bytecode.point(code, "value", "(I)I");
              code.visitInsn(I2L);
              code.visitMethodInsn(
                  INVOKESTATIC, "java/lang/String", "valueOf", STRING_VALUE_OF, false);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void arraysOfDifferentElementsJoinToObject() {
    for (int size = 0; size < 2; size++) {
      int condition = size == 0 ? ICONST_0 : ICONST_1;
      Bytecode.run(
              code -> {
                Label other = new Label();
                Label join = new Label();
                code.visitInsn(condition);
                code.visitJumpInsn(IFEQ, other);
                code.visitInsn(ICONST_2);
                code.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_FLOAT);
                code.visitJumpInsn(GOTO, join);
                code.visitLabel(other);
                code.visitInsn(ICONST_2);
                code.visitTypeInsn(Opcodes.ANEWARRAY, "[Ljava/lang/String;");
                code.visitLabel(join);
                code.visitVarInsn(ASTORE, 0);
                Bytecode.pause(code);
                code.visitVarInsn(ALOAD, 0);
                Bytecode.log(code);
                code.visitVarInsn(ALOAD, 0);
                code.visitInsn(ARETURN);
              })
          .agree(Bytecode.NAME);
    }
  }

  // ------------------------------------------------------------------ 28, 29: slots cleared

  @Test
  void slotClearedJustBeforeTheCall() {
    Program consumer =
        Program.compile(
            SourceCompiler.JAVAC,
            """
            package demo;
            import io.treadle.weaving.harness.*;
            public class Consumer {
              @io.treadle.Async public static Object consume(Object thing) {
                Trace.log(thing.getClass());
                Points.pauseWithout("thing");
                return "consumed";
              }
            }
            """);
    Bytecode.run(
            code -> {
              code.visitLdcInsn("thing");
              code.visitTypeInsn(NEW, "java/lang/Object");
              code.visitInsn(DUP);
              Bytecode.init(code, "java/lang/Object", "()V");
              code.visitMethodInsn(
                  INVOKESTATIC,
                  "io/treadle/weaving/harness/Trace",
                  "watch",
                  "(Ljava/lang/String;Ljava/lang/Object;)Ljava/lang/Object;",
                  false);
              code.visitVarInsn(ASTORE, 1);
              code.visitVarInsn(ALOAD, 1);
              code.visitInsn(ACONST_NULL);
              code.visitVarInsn(ASTORE, 1);
              code.visitMethodInsn(
                  INVOKESTATIC,
                  "demo/Consumer",
                  "consume",
                  "(Ljava/lang/Object;)Ljava/lang/Object;",
                  false);
              Bytecode.log(code);
              code.visitVarInsn(ALOAD, 1); // null, and live
              code.visitInsn(ARETURN);
            })
        .and(consumer)
        .agree(Bytecode.NAME);
  }

  @Test
  void thisOverwritten() {
    Program method =
        Bytecode.method(
            V17,
            ACC_PUBLIC,
            "(J)Ljava/lang/Object;",
            code -> {
              Bytecode.pause(code);
              code.visitLdcInsn("not this");
              code.visitVarInsn(ASTORE, 0);
              Bytecode.pause(code);
              code.visitVarInsn(ALOAD, 0);
              code.visitMethodInsn(INVOKEVIRTUAL, "java/lang/String", "length", "()I", false);
              code.visitVarInsn(ISTORE, 0);
              Bytecode.pause(code);
              code.visitVarInsn(LLOAD, 1);
              code.visitVarInsn(ILOAD, 0);
              code.visitInsn(I2L);
              code.visitInsn(LADD);
              code.visitMethodInsn(
                  INVOKESTATIC, "java/lang/String", "valueOf", STRING_VALUE_OF, false);
              code.visitInsn(ARETURN);
            });
    Program.compile(
            SourceCompiler.JAVAC,
            """
            package demo;
            class Case {
              @io.treadle.Async static Object run() {
                return new Bytecode().run(5);
              }
            }
            class Bytecode {
              @io.treadle.Async Object run(long n) { return null; }
            }
            """)
        .and(method)
        .agree("demo.Case");
  }

  // ------------------------------------------------------------------ straddling slots

  /** A long is written over the second half of another, and an int over the first half of that. */
  @ParameterizedTest
  @ValueSource(ints = {V1_6, V1_7, V17})
  void longsThatStraddleSlots(int version) {
    Bytecode.run(
            version,
            code -> {
              code.visitInsn(LCONST_1);
              code.visitVarInsn(LSTORE, 1);
              Bytecode.pause(code);
              code.visitVarInsn(LLOAD, 1);
              code.visitVarInsn(LSTORE, 2);
              Bytecode.pause(code);
              code.visitInsn(ICONST_3);
              code.visitVarInsn(ISTORE, 1);
              Bytecode.pause(code);
              code.visitVarInsn(LLOAD, 2);
              code.visitVarInsn(ILOAD, 1);
              code.visitInsn(I2L);
              code.visitInsn(LADD);
              code.visitVarInsn(LSTORE, 0);
              Bytecode.pause(code);
              code.visitVarInsn(LLOAD, 0);
              code.visitMethodInsn(
                  INVOKESTATIC, "java/lang/String", "valueOf", STRING_VALUE_OF, false);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  /** The slots after the last parameter, where a coroutine might be, belong to the user. */
  @Test
  void localsRightAfterTheLastParameterAndParametersOfTwoSlots() {
    Program.compile(
            SourceCompiler.JAVAC,
            """
            package demo;
            import io.treadle.weaving.harness.*;
            class Case {
              @io.treadle.Async static String run() {
                return wide(1, 2, 3, 4) + new Case().wide(5L, (byte) 6, 7.0) + none();
              }
              @io.treadle.Async static String wide(long a, int b, double c, long d) {
                long first = Points.value(d);
                String second = "s" + Points.value(first);
                a = Points.value(c) > 2 ? Points.value(b) : a;
                return a + "," + b + "," + c + "," + d + first + second;
              }
              @io.treadle.Async String wide(long a, byte b, double c) {
                { double d = Points.value(c); Points.pause(); Trace.log(d); }
                { Object o = "o"; int i = Points.value(b); Trace.log(o, i); }
                Points.pause();
                return a + "," + b + "," + c;
              }
              @io.treadle.Async static int none() {
                int x = Points.value(1);
                long y = Points.value(2L);
                return x + (int) y;
              }
            }
            """)
        .agree("demo.Case");
  }

  // ------------------------------------------------------------------ stack shuffles

  @Test
  void shufflesOfTheStackAroundCalls() {
    Bytecode.run(
            code -> {
              code.visitLdcInsn("a");
              code.visitLdcInsn(5L);
              code.visitInsn(DUP2_X1); // 5 a 5
              Bytecode.point(code, "value", "(J)J");
              code.visitInsn(POP2); // 5 a
              code.visitInsn(DUP_X2); // a 5 a
              Bytecode.stringValue(code);
              Bytecode.log(code); // a 5
              code.visitLdcInsn(7L);
              code.visitInsn(DUP2_X2); // a 7 5 7
              Bytecode.pause(code);
              code.visitInsn(LADD); // a 7 12
              Bytecode.point(code, "value", "(J)J");
              code.visitInsn(LADD); // a 19
              code.visitMethodInsn(
                  INVOKESTATIC, "java/lang/String", "valueOf", STRING_VALUE_OF, false);
              code.visitInsn(DUP_X1);
              Bytecode.pause(code); // s a s
              code.visitInsn(SWAP);
              Bytecode.pause(code); // s s a
              code.visitInsn(DUP2);
              Bytecode.pause(code);
              code.visitInsn(POP2);
              Bytecode.log(code);
              Bytecode.log(code);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void shufflesOfMixedSizes() {
    Bytecode.run(
            code -> {
              code.visitInsn(ICONST_1);
              code.visitInsn(ICONST_2);
              code.visitInsn(ICONST_3);
              code.visitInsn(DUP2_X1); // 2 3 1 2 3
              Bytecode.pause(code);
              code.visitInsn(IADD);
              code.visitInsn(IADD); // 2 3 6
              Bytecode.point(code, "value", "(I)I");
              code.visitInsn(IADD);
              code.visitInsn(IADD); // 11
              code.visitLdcInsn(1.5);
              code.visitInsn(DUP2_X1); // 1.5 11 1.5
              Bytecode.point(code, "value", "(D)D");
              code.visitInsn(Opcodes.D2I);
              code.visitInsn(IADD); // 1.5 12
              code.visitInsn(DUP_X2); // 12 1.5 12
              Bytecode.point(code, "value", "(I)I");
              code.visitInsn(POP);
              Bytecode.point(code, "value", "(D)D");
              code.visitInsn(Opcodes.D2I);
              code.visitInsn(IADD);
              code.visitInsn(I2L);
              code.visitMethodInsn(
                  INVOKESTATIC, "java/lang/String", "valueOf", STRING_VALUE_OF, false);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void operandsLeftOnTheStackAtTheReturn() {
    Bytecode.run(
            code -> {
              code.visitInsn(ICONST_1);
              code.visitInsn(LCONST_1);
              Bytecode.pause(code);
              code.visitLdcInsn("a");
              Bytecode.value(code);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void unreachableCodeWithCalls() {
    Bytecode.run(
            code -> {
              Label end = new Label();
              code.visitLdcInsn("a");
              Bytecode.value(code);
              code.visitJumpInsn(GOTO, end);
              Bytecode.pause(code); // never reached: the compiler of a dead branch left it
              code.visitInsn(NOP);
              code.visitLabel(end);
              Bytecode.value(code);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  /** Constants of all kinds are live, below and in variables. */
  @Test
  void constantsOfAllKinds() {
    Handle bootstrap =
        new Handle(
            Opcodes.H_INVOKESTATIC,
            "java/lang/invoke/ConstantBootstraps",
            "primitiveClass",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)"
                + "Ljava/lang/Class;",
            false);
    Object[] constants = {
      7,
      7L,
      7f,
      7.0,
      "string",
      Type.getType("Ljava/lang/String;"),
      Type.getType("[[I"),
      Type.getMethodType("(I)V"),
      new Handle(Opcodes.H_INVOKESTATIC, "java/lang/Math", "abs", "(I)I", false),
      new ConstantDynamic("J", "Ljava/lang/Class;", bootstrap)
    };
    Bytecode.run(
            code -> {
              int[] stores = {
                ISTORE,
                LSTORE,
                Opcodes.FSTORE,
                Opcodes.DSTORE,
                ASTORE,
                ASTORE,
                ASTORE,
                ASTORE,
                ASTORE,
                ASTORE
              };
              for (int i = 0; i < constants.length; i++) {
                code.visitLdcInsn(constants[i]);
                code.visitVarInsn(stores[i], 2 * i);
              }
              for (Object constant : constants) {
                code.visitLdcInsn(constant);
              }
              Bytecode.pause(code);
              Bytecode.log(code);
              Bytecode.log(code);
              Bytecode.pause(code);
              Bytecode.log(code);
              Bytecode.log(code);
              Bytecode.log(code);
              Bytecode.log(code);
              code.visitInsn(POP2);
              code.visitInsn(POP);
              code.visitInsn(POP2);
              code.visitInsn(POP);
              for (int i = 4; i < constants.length; i++) {
                code.visitVarInsn(ALOAD, 2 * i);
                Bytecode.value(code);
                Bytecode.log(code);
              }
              code.visitVarInsn(LLOAD, 2);
              code.visitVarInsn(ILOAD, 0);
              code.visitInsn(I2L);
              code.visitInsn(LADD);
              code.visitVarInsn(Opcodes.DLOAD, 6);
              code.visitVarInsn(Opcodes.FLOAD, 4);
              code.visitInsn(Opcodes.F2D);
              Bytecode.pause(code);
              code.visitInsn(Opcodes.DADD);
              code.visitInsn(Opcodes.D2L);
              code.visitInsn(LADD);
              code.visitMethodInsn(
                  INVOKESTATIC, "java/lang/String", "valueOf", STRING_VALUE_OF, false);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  /** Annotations of types are all over the body: on variables, casts, allocations, handlers. */
  @ParameterizedTest
  @EnumSource
  void annotationsOfTypesInTheBody(SourceCompiler compiler) {
    Program.compile(
            compiler,
            """
            package demo;
            import io.treadle.Async;
            import io.treadle.weaving.harness.*;
            import java.lang.annotation.*;
            import java.util.*;
            import java.util.function.*;
            @Target({ElementType.TYPE_USE, ElementType.TYPE_PARAMETER})
            @Retention(RetentionPolicy.RUNTIME)
            @interface T { int value() default 1; }
            class Case {
              @Async static String run() {
                @T(2) String s = Points.value("s");
                for (@T Object o : new @T Object @T [] {1, Points.value("x")}) {
                  try {
                    @T List<@T String> list = new @T ArrayList<@T String>(Points.value(3));
                    Points.pause();
                    list.add((@T String) o);
                    s += Points.value(list) + Case.<@T String>generic("g");
                  } catch (@T(3) ClassCastException | @T IllegalStateException e) {
                    @T(4) boolean is = Points.value(o) instanceof @T Integer;
                    s += Points.value(is);
                  } finally {
                    Function<@T String, @T String> f = (@T String x) -> x + o;
                    Points.pause();
                    s += f.apply(Points.value("f"));
                  }
                }
                return s;
              }
              @Async static <@T X extends @T Object> @T X generic(@T X x) throws @T RuntimeException {
                return Points.value(x);
              }
            }
            """)
        .agree("demo.Case");
  }

  // ------------------------------------------------------------------ 31: stack maps are computed

  /**
   * Before version 50 there are no stack maps; the subroutines of version 48 are another matter.
   */
  @ParameterizedTest
  @ValueSource(ints = {V1_4, V1_5, V1_6, V1_7, V1_8})
  void oldClassFiles(int version) {
    Bytecode.run(version, TypesInBytecodeTest::loopsWithNewAfterInit).agree(Bytecode.NAME);
  }

  /** {@code NEW} right after an {@code <init>} whose site is the head of a loop. */
  private static void loopsWithNewAfterInit(MethodVisitor code) {
    Label loop = new Label();
    Label end = new Label();
    code.visitInsn(ICONST_0);
    code.visitVarInsn(ISTORE, 0);
    code.visitInsn(ACONST_NULL);
    code.visitVarInsn(ASTORE, 1);
    code.visitLabel(loop);
    code.visitTypeInsn(NEW, "java/lang/StringBuilder");
    code.visitInsn(DUP);
    code.visitVarInsn(ALOAD, 1);
    Bytecode.point(code, "value", "(Ljava/lang/Object;)Ljava/lang/Object;");
    code.visitMethodInsn(
        INVOKESTATIC,
        "java/lang/String",
        "valueOf",
        "(Ljava/lang/Object;)Ljava/lang/String;",
        false);
    Bytecode.init(code, "java/lang/StringBuilder", "(Ljava/lang/String;)V");
    code.visitTypeInsn(NEW, "java/lang/Object");
    code.visitInsn(DUP);
    Bytecode.init(code, "java/lang/Object", "()V");
    code.visitInsn(POP);
    code.visitVarInsn(ASTORE, 1);
    code.visitIincInsn(0, 1);
    code.visitVarInsn(ILOAD, 0);
    code.visitInsn(ICONST_3);
    code.visitJumpInsn(IF_ICMPLT, loop);
    code.visitLabel(end);
    code.visitVarInsn(ALOAD, 1);
    code.visitInsn(ARETURN);
  }

  /** Compiled for Java 8: builders for strings, synthetic accessors for private members. */
  @ParameterizedTest
  @EnumSource
  void classesOfJava8(SourceCompiler compiler) {
    Program.compile(
            compiler,
            compiler == SourceCompiler.JAVAC
                ? List.of("--release", "8", "-Xlint:-options")
                : List.of("--release", "8"),
            """
            package demo;
            import io.treadle.weaving.harness.*;
            class Case {
              private int field = 1;
              private static String secret(int n) { return "secret" + n; }
              static class Nested {
                @io.treadle.Async String use(Case other) {
                  other.field += Points.value(2);
                  return secret(other.field) + other.hidden(3) + Points.value(4L);
                }
              }
              @io.treadle.Async private String hidden(int n) {
                Points.pause();
                return "hidden" + n;
              }
              @io.treadle.Async static String run() {
                String s = "s";
                for (int i = 0; i < 3; i++) {
                  try {
                    s += Points.value(i) + new Nested().use(new Case());
                  } finally {
                    s += Points.value("f");
                  }
                }
                return s;
              }
            }
            """)
        .agree("demo.Case");
  }

  /** Without debug information and with all parameters named. */
  @ParameterizedTest
  @EnumSource
  void classesWithoutDebugInformation(SourceCompiler compiler) {
    String source =
        """
        package demo;
        import io.treadle.weaving.harness.*;
        class Case {
          @io.treadle.Async static String run() {
            String s = "s";
            for (int i = 0; i < 3; i++) {
              s = join(s, Points.value(i), 2L);
            }
            return s;
          }
          @io.treadle.Async static String join(String a, int b, long c) {
            Points.pause();
            return a + b + c;
          }
        }
        """;
    Program.compile(compiler, List.of("-g:none"), source).agree("demo.Case");
    Program.compile(compiler, List.of("-g", "-parameters"), source).agree("demo.Case");
  }

  // ------------------------------------------------------------------ 24: absent classes

  @ParameterizedTest
  @EnumSource
  void classesThatAreAbsentWhenItIsWoven(SourceCompiler compiler) {
    Program.compile(
            compiler,
            """
            package demo;
            import io.treadle.weaving.harness.*;
            class Case {
              @io.treadle.Async static String run() {
                String s = User.uses(0, null);
                try {
                  s += User.uses(1, null);
                } catch (NoClassDefFoundError e) {
                  s += Points.value(e.getMessage());
                }
                return s;
              }
            }
            class User {
              @io.treadle.Async static String uses(int n, Absent passed) {
                Absent absent = passed;
                Object joined = n > 5 ? new Absent[0] : null;
                try {
                  Points.pause();
                  if (n == 1) {
                    absent = new Absent();
                    Points.pause();
                    return absent.name() + joined;
                  }
                } finally {
                  Points.pause();
                }
                Points.pause();
                return "none" + absent + joined;
              }
            }
            class Absent {
              String name() { return "absent"; }
            }
            """)
        .without("demo/Absent")
        .agree("demo.Case");
  }

  // ------------------------------------------------------------------ classes that cannot be named

  /** A class of another package that is not public is live across a call. */
  @ParameterizedTest
  @EnumSource
  void classThatCannotBeNamedHere(SourceCompiler compiler) {
    Program.compile(
            compiler,
            """
            package other;
            public class Factory {
              static class Hidden {
                final int n;
                Hidden(int n) { this.n = n; }
                public String toString() { return "hidden" + n; }
              }
              public static class Shown extends Hidden {
                public Shown(int n) { super(n); }
              }
              public static Hidden make(int n) { return new Hidden(n); }
              public static Hidden[] makeArray(int n) { return new Hidden[] {new Hidden(n)}; }
              public static String use(Hidden h) { return "used " + h; }
              public static String use(Hidden[] h) { return "used " + h[0]; }
              @io.treadle.Async public static Hidden later(int n) {
                return new Hidden(io.treadle.weaving.harness.Points.value(n));
              }
            }
            """,
            """
            package demo;
            import io.treadle.weaving.harness.*;
            import other.Factory;
            class Case {
              @io.treadle.Async static String run() {
                var hidden = Factory.make(1);
                var array = Factory.makeArray(2);
                Points.pause();
                String s = Factory.use(hidden);
                s += Factory.use(array) + Points.value("x");
                var later = Factory.later(3);
                Points.pause();
                s += Factory.use(later);
                s += Factory.use(Factory.later(4));
                s += Points.value("y") + Factory.use(Points.value(5) > 4 ? hidden : later);
                return s + hidden + later;
              }
            }
            """)
        .agree("demo.Case");
  }

  /** Their common superclass is in {@code java.lang} and not public. */
  @ParameterizedTest
  @EnumSource
  void joinWhoseCommonSuperclassCannotBeNamed(SourceCompiler compiler) {
    Program.compile(
            compiler,
            """
            package demo;
            import io.treadle.weaving.harness.*;
            class Case {
              @io.treadle.Async static String run() {
                String s = "";
                for (boolean b : new boolean[] {true, false}) {
                  var text = b ? new StringBuilder("b") : new StringBuffer("f");
                  Points.pause();
                  s += length(text, Points.value(1));
                  CharSequence c =
                      (b ? new StringBuilder(Points.value("b")) : new StringBuffer("f"));
                  Points.pause();
                  s += c.toString() + length(b ? new StringBuilder("x") : new StringBuffer(), Points.value(1));
                }
                return s;
              }
              @io.treadle.Async static int length(CharSequence c, int n) {
                Points.pause();
                return c.length() + n;
              }
            }
            """)
        .agree("demo.Case");
  }

  /** A private nested class of another class of this package, in an expression only. */
  @ParameterizedTest
  @EnumSource
  void privateNestedClassOfAnotherClass(SourceCompiler compiler) {
    Program.compile(
            compiler,
            """
            package demo;
            import io.treadle.weaving.harness.*;
            class Owner {
              private static class Secret {
                public String toString() { return "secret"; }
              }
              static Secret make() { return new Secret(); }
              static String use(Secret s) { return "used " + s; }
            }
            class Case {
              @io.treadle.Async static String run() {
                var secret = Owner.make();
                Points.pause();
                return Owner.use(secret) + secret;
              }
            }
            """)
        .agree("demo.Case");
  }

  /** A checked cast of a value that is saved on the stack below others. */
  @Test
  void castsOfOperandsBelowTheArguments() {
    Bytecode.run(
            code -> {
              code.visitLdcInsn("a");
              Bytecode.value(code);
              code.visitTypeInsn(CHECKCAST, "java/lang/CharSequence");
              Bytecode.pause(code);
              code.visitTypeInsn(CHECKCAST, "java/lang/String");
              code.visitInsn(ACONST_NULL);
              code.visitTypeInsn(CHECKCAST, "[[I");
              Bytecode.pause(code);
              code.visitInsn(POP);
              Bytecode.pause(code);
              code.visitInsn(ARETURN);
            })
        .agree(Bytecode.NAME);
  }
}
