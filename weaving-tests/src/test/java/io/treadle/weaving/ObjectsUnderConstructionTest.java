package io.treadle.weaving;

import static io.treadle.weaving.harness.Points.pause;
import static io.treadle.weaving.harness.Points.value;
import static io.treadle.weaving.harness.Trace.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Async;
import io.treadle.weaving.harness.Bytecode;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import io.treadle.weaving.harness.ThreeWays;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Cases 1 to 11: an object that is not initialised yet cannot be saved. */
final class ObjectsUnderConstructionTest {
  private static final String BUILDER = "java/lang/StringBuilder";
  private static final String WITH_STRING = "(Ljava/lang/String;)V";

  record Pair(Object first, Object second) {}

  /** Every kind of argument below and above a suspension. */
  record Wide(byte a, long b, String c, double d, int e, float f, Object g) {}

  // ------------------------------------------------------------------ 1, 2, 3

  @ThreeWays
  @Async
  void newWithPendingArgument() {
    log(new StringBuilder(value("a")).append(value("b")));
  }

  @ThreeWays
  @Async
  void newWithPendingArgumentOfEachType() {
    log(
        new Wide(
            value((byte) 1), value(2L), value("c"), value(4.5), value(5), value(6.5f), value('g')));
    log(new Wide((byte) 1, 2L, "c", value(4.5), 5, 6.5f, 'g'));
  }

  @ThreeWays
  @Async
  void newWithTwoPendingAllocations() {
    log(new Pair(value("a"), new Pair(value("b"), value("c"))));
    log(new Pair(new Pair("a", value("b")), new Pair(value("c"), new Pair(value("d"), "e"))));
  }

  @ThreeWays
  @Async
  void newBelowOtherOperands() {
    long before = value(3L);
    log(before + 2 * new StringBuilder(value("abc")).length() + value(4L), new Pair(1, value(2)));
  }

  @ThreeWays
  @Async
  void newStringsNestedAroundCalls() {
    char[] chars = {'a', 'b', 'c', 'd'};
    log(
        new String(
            new String(new String(chars, 0, value(3)).toCharArray(), value(1), value(2))
                + value("x")));
  }

  @ThreeWays
  @Async
  void newInsideNewOfTheSameType() {
    log(new Exception(value("outer"), new Exception(value("inner"), new Exception(value("in")))));
  }

  @ThreeWays
  @Async
  void failureWhileAnAllocationIsPending() {
    for (int i = 0; i < 2; i++) {
      try {
        log(new Pair(value("a"), i == 0 ? fail("b") : value("b")));
      } catch (IllegalStateException e) {
        log(e);
      }
    }
  }

  @Async
  static String fail(String message) {
    pause();
    throw new IllegalStateException(message);
  }

  // ------------------------------------------------------------------ 4: copies in locals

  @ThreeWays
  @Async
  void branchWhileAnAllocationIsPending() {
    for (boolean b : new boolean[] {true, false}) {
      log(new Pair(value(b) ? value("x") : "y", b || value(b) ? 1 : value(2)));
    }
  }

  @ThreeWays
  @Async
  void switchExpressionWhileAnAllocationIsPending() {
    for (int i = 0; i < 3; i++) {
      log(
          new Pair(
              "a",
              switch (value(i)) {
                case 0 -> value("zero");
                case 1 -> {
                  int sum = 0;
                  for (int k = 0; k < 3; k++) {
                    sum += value(k);
                  }
                  yield sum;
                }
                default -> new Pair(value("more"), i);
              }));
    }
  }

  /**
   * javac moves the operand stack, with what is not initialised, to local variables. (What ECJ
   * writes here is refused by the JVM, woven or not.)
   */
  @Test
  void tryInASwitchExpressionWhileAnAllocationIsPending() {
    Program.compile(
            SourceCompiler.JAVAC,
            """
            package demo;
            import static io.treadle.weaving.harness.Points.*;
            import static io.treadle.weaving.harness.Trace.log;
            import io.treadle.Async;
            class Case {
              record Pair(Object first, Object second) {}
              @Async static void run() {
                for (int i = 0; i < 3; i++) {
                  log(
                      new Pair(
                          "a",
                          switch (value(i)) {
                            case 0 -> {
                              try {
                                yield value("t");
                              } finally {
                                log(value("f"));
                              }
                            }
                            case 1 -> {
                              try {
                                yield failing(new IllegalStateException("x"));
                              } catch (IllegalStateException e) {
                                yield value(e.getMessage());
                              }
                            }
                            default -> "d";
                          }));
                }
              }
            }
            """)
        .agree("demo.Case");
  }

  @Test
  void uninitializedCopyInALocal() {
    Bytecode.run(
            code -> {
              code.visitTypeInsn(Opcodes.NEW, BUILDER);
              code.visitInsn(Opcodes.DUP);
              code.visitVarInsn(Opcodes.ASTORE, 5);
              code.visitLdcInsn("a");
              Bytecode.stringValue(code);
              Bytecode.init(code, BUILDER, WITH_STRING);
              Bytecode.pause(code);
              code.visitVarInsn(Opcodes.ALOAD, 5);
              code.visitInsn(Opcodes.ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void uninitializedOnlyInLocalsAndAcrossAJoin() {
    Bytecode.run(
            code -> {
              Label otherwise = new Label();
              Label join = new Label();
              code.visitTypeInsn(Opcodes.NEW, BUILDER);
              code.visitVarInsn(Opcodes.ASTORE, 2);
              code.visitVarInsn(Opcodes.ALOAD, 2);
              code.visitVarInsn(Opcodes.ASTORE, 4);
              code.visitInsn(Opcodes.ICONST_1);
              Bytecode.point(code, "value", "(Z)Z");
              code.visitJumpInsn(Opcodes.IFEQ, otherwise);
              code.visitLdcInsn("yes");
              Bytecode.stringValue(code);
              code.visitJumpInsn(Opcodes.GOTO, join);
              code.visitLabel(otherwise);
              code.visitLdcInsn("no");
              code.visitLabel(join);
              code.visitVarInsn(Opcodes.ALOAD, 4);
              code.visitInsn(Opcodes.SWAP);
              Bytecode.init(code, BUILDER, WITH_STRING);
              code.visitVarInsn(Opcodes.ALOAD, 2);
              Bytecode.value(code);
              code.visitInsn(Opcodes.ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  // ------------------------------------------------------------------ 5, 6, 7: shapes of NEW

  @Test
  void newWithoutDup() {
    Bytecode.run(
            code -> {
              code.visitTypeInsn(Opcodes.NEW, BUILDER);
              code.visitLdcInsn("a");
              Bytecode.stringValue(code);
              Bytecode.init(code, BUILDER, WITH_STRING);
              code.visitLdcInsn("done");
              code.visitInsn(Opcodes.ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void newWithTwoDupsIsOneObject() {
    Bytecode.run(
            code -> {
              code.visitTypeInsn(Opcodes.NEW, BUILDER);
              code.visitInsn(Opcodes.DUP);
              code.visitInsn(Opcodes.DUP);
              code.visitLdcInsn("a");
              Bytecode.stringValue(code);
              Bytecode.init(code, BUILDER, WITH_STRING);
              Bytecode.pause(code);
              code.visitLdcInsn("b");
              code.visitMethodInsn(
                  Opcodes.INVOKEVIRTUAL,
                  BUILDER,
                  "append",
                  "(Ljava/lang/String;)Ljava/lang/StringBuilder;",
                  false);
              Bytecode.log(code);
              code.visitInsn(Opcodes.ARETURN); // the other alias shows what was appended
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void aliasesAtDifferentDepthsWithWideValuesBetween() {
    Bytecode.run(
            code -> {
              code.visitTypeInsn(Opcodes.NEW, BUILDER);
              code.visitInsn(Opcodes.DUP);
              code.visitLdcInsn(7L);
              code.visitInsn(Opcodes.DUP2_X1); // obj 7 obj 7
              code.visitInsn(Opcodes.POP2); // obj 7 obj
              code.visitLdcInsn("a");
              Bytecode.stringValue(code);
              Bytecode.init(code, BUILDER, WITH_STRING); // obj 7
              Bytecode.point(code, "value", "(J)J");
              code.visitMethodInsn(
                  Opcodes.INVOKEVIRTUAL, BUILDER, "append", "(J)Ljava/lang/StringBuilder;", false);
              code.visitInsn(Opcodes.ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void newDupX1SwapAsInOldClassLiterals() {
    Bytecode.run(
            code -> {
              String type = "java/lang/NoClassDefFoundError";
              code.visitLdcInsn("a");
              code.visitTypeInsn(Opcodes.NEW, type);
              code.visitInsn(Opcodes.DUP_X1);
              code.visitInsn(Opcodes.SWAP);
              Bytecode.stringValue(code);
              Bytecode.init(code, type, WITH_STRING);
              code.visitInsn(Opcodes.ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  @Test
  void labelLineAndFrameBetweenNewAndDup() {
    Bytecode.run(
            code -> {
              Label line = new Label();
              Label target = new Label();
              code.visitTypeInsn(Opcodes.NEW, BUILDER);
              code.visitLabel(line);
              code.visitLineNumber(12, line);
              code.visitInsn(Opcodes.ICONST_0);
              code.visitJumpInsn(Opcodes.IFEQ, target);
              code.visitInsn(Opcodes.NOP);
              code.visitLabel(target);
              code.visitLineNumber(13, target);
              code.visitInsn(Opcodes.DUP);
              code.visitLdcInsn("a");
              Bytecode.stringValue(code);
              Bytecode.init(code, BUILDER, WITH_STRING);
              code.visitInsn(Opcodes.ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  /** The site of the allocation is reached again, and only one of two sites is deferred. */
  @Test
  void sameSiteInALoopAndASiteThatDoesNotSuspend() {
    Bytecode.run(ObjectsUnderConstructionTest::loopWithTwoSites).agree(Bytecode.NAME);
  }

  private static void loopWithTwoSites(MethodVisitor code) {
    Label loop = new Label();
    code.visitInsn(Opcodes.ICONST_0);
    code.visitVarInsn(Opcodes.ISTORE, 0);
    code.visitLabel(loop);
    code.visitTypeInsn(Opcodes.NEW, BUILDER);
    code.visitInsn(Opcodes.DUP);
    code.visitLdcInsn("quick");
    Bytecode.init(code, BUILDER, WITH_STRING);
    code.visitTypeInsn(Opcodes.NEW, BUILDER);
    code.visitInsn(Opcodes.DUP);
    code.visitLdcInsn("slow");
    Bytecode.stringValue(code);
    Bytecode.init(code, BUILDER, WITH_STRING);
    Bytecode.log(code);
    Bytecode.log(code);
    code.visitIincInsn(0, 1);
    code.visitVarInsn(Opcodes.ILOAD, 0);
    code.visitInsn(Opcodes.ICONST_3);
    code.visitJumpInsn(Opcodes.IF_ICMPLT, loop);
    code.visitLdcInsn("end");
    code.visitInsn(Opcodes.ARETURN);
  }

  // ------------------------------------------------------------------ 8: class initialisation

  static final class Noisy {
    static {
      log("Noisy is initialised");
    }

    Noisy(int first, Object second) {
      log("Noisy is made", first, second);
    }
  }

  static int sideEffect(String name) {
    log(name);
    return 1;
  }

  @ThreeWays
  @Async
  void classIsInitialisedBeforeTheArgumentsAreEvaluated() {
    log("before");
    new Noisy(sideEffect("argument"), value("second"));
    new Noisy(sideEffect("argument"), value("second"));
  }

  static final class Broken {
    static final int NUMBER = sideEffect("Broken") / (sideEffect("zero") - 1);

    Broken(Object ignored) {}
  }

  @ThreeWays
  @Async
  void classThatCannotBeInitialisedFailsBeforeTheArguments() {
    try {
      log(new Broken(value("never evaluated")));
    } catch (ExceptionInInitializerError e) {
      log(e);
      log(value("after"));
    }
  }

  @Test
  void absentClassFailsBeforeTheArguments() {
    for (SourceCompiler compiler : SourceCompiler.values()) {
      Program.compile(
              compiler,
              """
              package demo;
              import io.treadle.weaving.harness.Points;
              class Case {
                @io.treadle.Async static String run() {
                  try {
                    return new Absent(Points.value("never evaluated")).toString();
                  } catch (NoClassDefFoundError e) {
                    return Points.value(e.getMessage());
                  }
                }
              }
              class Absent {
                Absent(String s) {}
              }
              """)
          .without("demo/Absent")
          .agree("demo.Case");
    }
  }

  @Test
  void abstractClassFailsBeforeTheArguments() {
    Bytecode.run(
            code -> {
              Label start = new Label();
              Label end = new Label();
              code.visitTryCatchBlock(start, end, end, "java/lang/InstantiationError");
              code.visitLabel(start);
              code.visitTypeInsn(Opcodes.NEW, "java/io/InputStream");
              code.visitInsn(Opcodes.DUP);
              Bytecode.pause(code);
              Bytecode.init(code, "java/io/InputStream", "()V");
              code.visitInsn(Opcodes.ARETURN);
              code.visitLabel(end);
              Bytecode.value(code);
              code.visitInsn(Opcodes.ARETURN);
            })
        .agree(Bytecode.NAME);
  }

  // ------------------------------------------------------------------ 9, 10

  @ThreeWays
  @Async
  void constructorWhoseRewritingNeedsAllTheStack() {
    new Wide((byte) 1, 2L, "c", 4.0, 5, 6f, value("g"));
    new StringBuilder(value(3));
    log("done");
  }

  static final class Self {
    private final int n;
    private final Self next;

    private Self(int n, Self next) {
      this.n = n;
      this.next = next;
    }

    @Async
    private static Self chain(int n) {
      return n == 0 ? new Self(value(n), null) : new Self(value(n), chain(n - 1));
    }

    @Async
    Self again() {
      return new Self(value(n) + value(n), this);
    }

    @Override
    public String toString() {
      return n + "," + next;
    }
  }

  @ThreeWays
  @Async
  void privateConstructorOfTheOwnClass() {
    log(Self.chain(3).again());
  }

  final class Inner {
    final String name;

    Inner(String name) {
      this.name = name;
    }

    ObjectsUnderConstructionTest outer() {
      return ObjectsUnderConstructionTest.this;
    }
  }

  @Async
  ObjectsUnderConstructionTest self() {
    pause();
    return this;
  }

  @ThreeWays
  @Async
  void innerClassOfAnOuterInstanceThatSuspends() {
    Inner inner = self().new Inner(value("n"));
    log(inner.name, inner.outer() == this);
  }

  @ThreeWays
  @Async
  void anonymousAndLocalClassesThatCaptureAreMadeWithPendingArguments() {
    int captured = value(3);
    class Local {
      final String name;

      Local(String name) {
        this.name = name + captured;
      }
    }
    List<Object> made = new ArrayList<>(value(2));
    made.add(
        new Object() {
          @Override
          public String toString() {
            return "anonymous" + captured;
          }
        });
    log(new Local(value("x")).name, made);
  }

  // ------------------------------------------------------------------ 11

  @ParameterizedTest
  @EnumSource
  void callInTheArgumentsOfSuperIsAnErrorWithALocation(SourceCompiler compiler) {
    Program program =
        Program.compile(
            compiler,
            """
            package demo;
            import io.treadle.weaving.harness.Points;
            class Case extends RuntimeException {
              Case() {
                super(
                    Points.value("x"));
              }
              Case(String s) {
                this(Points.value(1), s);
              }
              Case(int n, String s) {
                super(s);
                Points.pause();
              }
            }
            """);
    assertThat(program.weave().messages())
        .hasSize(3)
        .satisfies(m -> assertThat(m.get(0)).startsWith("demo/Case.java:6: error: "))
        .satisfies(m -> assertThat(m.get(1)).startsWith("demo/Case.java:9: error: "))
        .satisfies(m -> assertThat(m.get(2)).startsWith("demo/Case.java:13: error: "))
        .allSatisfy(m -> assertThat(m).contains("constructor"));
    assertThat(program.weave().classFiles()).isEqualTo(program.classFiles());
  }
}
