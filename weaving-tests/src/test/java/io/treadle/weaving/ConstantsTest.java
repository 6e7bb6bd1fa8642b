package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.weaving.harness.Bytecode;
import io.treadle.weaving.harness.Outcome;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Case 63: constants and {@code invokedynamic} that name a woven method. */
final class ConstantsTest {
  private static final String OWNER = Type.getInternalName(Bootstraps.class);
  private static final String LIBRARY =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;

      public class Library {
        @Async
        public static String direct() {
          return Points.value("direct");
        }

        public static String plain() {
          return "plain";
        }
      }
      """;

  /** Bootstrap methods, for classes of other packages. */
  public static final class Bootstraps {
    private Bootstraps() {}

    /** The handle, to be called. */
    public static MethodHandle constant(
        MethodHandles.Lookup lookup, String name, Class<?> type, MethodHandle handle) {
      return handle;
    }

    /** A call site that calls the handle. */
    public static CallSite callSite(
        MethodHandles.Lookup lookup, String name, MethodType type, MethodHandle handle) {
      return new ConstantCallSite(handle.asType(type));
    }
  }

  private static Handle library(String method) {
    return new Handle(
        Opcodes.H_INVOKESTATIC, "demo/Library", method, "()Ljava/lang/String;", false);
  }

  private static Handle bootstrap(String name, Class<?> returns, Class<?> type) {
    return new Handle(
        Opcodes.H_INVOKESTATIC,
        OWNER,
        name,
        MethodType.methodType(
                returns, MethodHandles.Lookup.class, String.class, type, MethodHandle.class)
            .toMethodDescriptorString(),
        false);
  }

  private static Outcome run(Program bytecode, Schedule schedule) {
    Program program = Program.compile(SourceCompiler.JAVAC, LIBRARY).and(bytecode);
    return program.woven(Bytecode.NAME, "run", schedule);
  }

  private static Program callOf(Object constant) {
    return Bytecode.run(
        code -> {
          Bytecode.pause(code);
          code.visitLdcInsn(constant);
          code.visitMethodInsn(
              Opcodes.INVOKEVIRTUAL,
              "java/lang/invoke/MethodHandle",
              "invoke",
              "()Ljava/lang/Object;",
              false);
          code.visitInsn(Opcodes.ARETURN);
        });
  }

  /** Who takes a handle of a direct-style method gets the stub, which refuses. */
  @Test
  void handleConstantOfAWovenMethod() {
    for (Schedule schedule : Schedule.ALL) {
      assertThat(run(callOf(library("direct")), schedule).thrown())
          .contains("demo.Library.direct() is @Async");
      assertThat(run(callOf(library("plain")), schedule).returned()).isEqualTo("plain");
    }
  }

  @Test
  void dynamicConstantThatNamesAWovenMethod() {
    for (String method : List.of("direct", "plain")) {
      ConstantDynamic constant =
          new ConstantDynamic(
              "c",
              "Ljava/lang/invoke/MethodHandle;",
              bootstrap("constant", MethodHandle.class, Class.class),
              library(method));
      Outcome outcome = run(callOf(constant), Schedule.SUSPENDED);
      if (method.equals("plain")) {
        assertThat(outcome.returned()).isEqualTo("plain");
      } else {
        assertThat(outcome.thrown()).contains("demo.Library.direct() is @Async");
      }
    }
  }

  @Test
  void callSiteOfAnotherBootstrapThatNamesAWovenMethod() {
    for (String method : List.of("direct", "plain")) {
      Program program =
          Bytecode.run(
              code -> {
                Bytecode.stringValue(constant(code, "before"));
                code.visitInsn(Opcodes.POP);
                code.visitInvokeDynamicInsn(
                    "call",
                    "()Ljava/lang/String;",
                    bootstrap("callSite", CallSite.class, MethodType.class),
                    library(method));
                code.visitInsn(Opcodes.ARETURN);
              });
      Outcome outcome = run(program, Schedule.SUSPENDED);
      if (method.equals("plain")) {
        assertThat(outcome.returned()).isEqualTo("plain");
      } else {
        assertThat(outcome.thrown()).contains("demo.Library.direct() is @Async");
      }
    }
  }

  private static org.objectweb.asm.MethodVisitor constant(
      org.objectweb.asm.MethodVisitor code, String value) {
    code.visitLdcInsn(value);
    return code;
  }

  /** A dynamic constant of any kind is live across a suspension. */
  @Test
  void dynamicConstantsLiveAcrossSuspensions() {
    ConstantDynamic constant =
        new ConstantDynamic(
            "c",
            "Ljava/lang/invoke/MethodHandle;",
            bootstrap("constant", MethodHandle.class, Class.class),
            library("plain"));
    Program program =
        Bytecode.run(
            code -> {
              code.visitLdcInsn(constant);
              code.visitLdcInsn(Type.getMethodType("(I)Ljava/lang/String;"));
              Bytecode.pause(code);
              code.visitVarInsn(Opcodes.ASTORE, 0);
              Bytecode.pause(code);
              code.visitMethodInsn(
                  Opcodes.INVOKEVIRTUAL,
                  "java/lang/invoke/MethodHandle",
                  "invoke",
                  "()Ljava/lang/String;",
                  false);
              code.visitVarInsn(Opcodes.ALOAD, 0);
              code.visitMethodInsn(
                  Opcodes.INVOKEVIRTUAL,
                  "java/lang/Object",
                  "toString",
                  "()Ljava/lang/String;",
                  false);
              code.visitMethodInsn(
                  Opcodes.INVOKEVIRTUAL,
                  "java/lang/String",
                  "concat",
                  "(Ljava/lang/String;)Ljava/lang/String;",
                  false);
              code.visitInsn(Opcodes.ARETURN);
            });
    for (Schedule schedule : Schedule.ALL) {
      assertThat(run(program, schedule).returned()).isEqualTo("plain(int)String");
    }
  }

  /** Compilers other than javac name the methods of lambdas otherwise. */
  @Test
  void lambdaOfAPlainInterfaceThatNamesAWovenMethod() {
    Handle metafactory =
        new Handle(
            Opcodes.H_INVOKESTATIC,
            Type.getInternalName(LambdaMetafactory.class),
            "metafactory",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
                + "Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodHandle;"
                + "Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;",
            false);
    Program bytecode =
        Bytecode.run(
            code -> {
              Bytecode.pause(code);
              code.visitInvokeDynamicInsn(
                  "get",
                  "()" + Type.getDescriptor(Supplier.class),
                  metafactory,
                  Type.getMethodType("()Ljava/lang/Object;"),
                  library("direct"),
                  Type.getMethodType("()Ljava/lang/String;"));
              code.visitInsn(Opcodes.ARETURN);
            });
    Program program = Program.compile(SourceCompiler.JAVAC, LIBRARY).and(bytecode);
    assertThat(program.weave().messages())
        .singleElement()
        .asString()
        .startsWith("demo/Bytecode.class: error: Library.direct()")
        .contains("Supplier");
  }
}
