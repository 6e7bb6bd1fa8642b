package io.treadle.weaving.harness;

import io.treadle.Async;
import java.util.function.Consumer;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Bytecode that no compiler writes: a class with one {@code @Async} method, from ASM.
 *
 * <p>Stack maps are computed; types that are not the JDK's join to {@code Object}.
 */
public final class Bytecode {
  /** The internal name of the suspension points. */
  public static final String POINTS = Type.getInternalName(Points.class);

  /** The name of the class. */
  public static final String NAME = "demo.Bytecode";

  private Bytecode() {}

  /** A class whose static {@code run()} returns an {@code Object} and has this code. */
  public static Program run(Consumer<MethodVisitor> code) {
    return run(Opcodes.V17, code);
  }

  /** The same as a class file of another version. */
  public static Program run(int version, Consumer<MethodVisitor> code) {
    return method(version, Opcodes.ACC_STATIC, "()Ljava/lang/Object;", code);
  }

  /** A class whose method {@code run} has this code. */
  public static Program method(
      int version, int access, String descriptor, Consumer<MethodVisitor> code) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected String getCommonSuperClass(String one, String other) {
            return one.startsWith("java/") && other.startsWith("java/")
                ? super.getCommonSuperClass(one, other)
                : "java/lang/Object";
          }
        };
    String name = NAME.replace('.', '/');
    writer.visit(version, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
    MethodVisitor init = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    init.visitInsn(Opcodes.RETURN);
    init.visitMaxs(0, 0);
    MethodVisitor run = writer.visitMethod(access, "run", descriptor, null, null);
    run.visitAnnotation(Type.getDescriptor(Async.class), true).visitEnd();
    run.visitCode();
    code.accept(run);
    run.visitMaxs(0, 0);
    run.visitEnd();
    writer.visitEnd();
    return Program.of(writer.toByteArray());
  }

  /** Calls a suspension point: {@code Object value(Object)}. */
  public static void value(MethodVisitor code) {
    point(code, "value", "(Ljava/lang/Object;)Ljava/lang/Object;");
  }

  /** Calls a suspension point: {@code String value(String)}. */
  public static void stringValue(MethodVisitor code) {
    value(code);
    code.visitTypeInsn(Opcodes.CHECKCAST, "java/lang/String");
  }

  /** Calls a suspension point: {@code void pause()}. */
  public static void pause(MethodVisitor code) {
    point(code, "pause", "()V");
  }

  /** Calls a suspension point. */
  public static void point(MethodVisitor code, String name, String descriptor) {
    code.visitMethodInsn(Opcodes.INVOKESTATIC, POINTS, name, descriptor, false);
  }

  /** Logs the object on top of the stack. */
  public static void log(MethodVisitor code) {
    code.visitInsn(Opcodes.ICONST_1);
    code.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
    code.visitInsn(Opcodes.DUP_X1);
    code.visitInsn(Opcodes.SWAP);
    code.visitInsn(Opcodes.ICONST_0);
    code.visitInsn(Opcodes.SWAP);
    code.visitInsn(Opcodes.AASTORE);
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        Type.getInternalName(Trace.class),
        "log",
        "([Ljava/lang/Object;)V",
        false);
  }

  /** Calls a constructor. */
  public static void init(MethodVisitor code, String type, String descriptor) {
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, type, "<init>", descriptor, false);
  }
}
