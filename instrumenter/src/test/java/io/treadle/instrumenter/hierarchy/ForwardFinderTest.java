package io.treadle.instrumenter.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Assembly;
import io.treadle.instrumenter.AsyncMethods;
import io.treadle.instrumenter.Program;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;

/** Bridges and accessors are known by their code, not by their flags or annotations. */
class ForwardFinderTest {
  private static ClassHeader read(Program program, String name) {
    return ClassHeader.read(program.bytes(name), AsyncMethods.ANNOTATED);
  }

  private static MethodHeader method(ClassHeader header, String name, String descriptor) {
    return Objects.requireNonNull(
        header.method(name, descriptor), () -> header.methods().toString());
  }

  /** What a synthetic method with this code forwards to. */
  private static MethodHeader.Forward forward(String nameAndDescriptor, String code) {
    Assembly assembly =
        Assembly.of(Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC, nameAndDescriptor, code);
    byte[] bytes = Assembly.classFile(Opcodes.V1_8, "T", assembly.method);
    return ClassHeader.read(bytes, AsyncMethods.ANNOTATED)
        .methods()
        .values()
        .iterator()
        .next()
        .forwardsTo();
  }

  @Test
  void theBridgeOfAGenericOverrideForwards() {
    ClassHeader header =
        read(
            Program.of(
                """
                package p;
                class A implements java.util.function.Function<String, Integer> {
                  @io.treadle.Async public Integer apply(String s) { return 1; }
                }
                """),
            "p/A");
    MethodHeader bridge = method(header, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;");
    assertThat(bridge.forwardsTo())
        .isEqualTo(
            new MethodHeader.Forward(
                Opcodes.INVOKEVIRTUAL, "p/A", "apply", "(Ljava/lang/String;)Ljava/lang/Integer;"));
    assertThat(bridge.async()).as("javac copies the annotation, and a bridge is no body").isFalse();
    MethodHeader body = method(header, "apply", "(Ljava/lang/String;)Ljava/lang/Integer;");
    assertThat(body.async()).isTrue();
    assertThat(body.forwardsTo()).isNull();
  }

  @Test
  void theBridgeThatMakesAnInheritedMethodVisibleForwards() {
    Program program =
        Program.of(
            "package p; public class A extends Base {}",
            "package p; class Base { @io.treadle.Async public void f() {} }");
    MethodHeader bridge = method(read(program, "p/A"), "f", "()V");
    assertThat(bridge.forwardsTo())
        .isEqualTo(new MethodHeader.Forward(Opcodes.INVOKESPECIAL, "p/Base", "f", "()V"));
  }

  @Test
  void theAccessorOfAPrivateMethodForwards() {
    Program program =
        Program.ofOptions(
            List.of("--release", "8"),
            """
            package p;
            class A {
              private long f(int i, long l) { return l; }
              class B { long g() { return f(1, 2L); } }
            }
            """);
    MethodHeader accessor = method(read(program, "p/A"), "access$000", "(Lp/A;IJ)J");
    assertThat(accessor.forwardsTo())
        .isEqualTo(new MethodHeader.Forward(Opcodes.INVOKESPECIAL, "p/A", "f", "(IJ)J"));
  }

  @Test
  void aMethodOfTheUserThatOnlyCallsIsABody() {
    ClassHeader header =
        read(Program.of("package p; class A { void f() { g(); } void g() {} }"), "p/A");
    assertThat(method(header, "f", "()V").forwardsTo()).isNull();
  }

  @Test
  void aLambdaThatOnlyCallsIsABody() {
    ClassHeader header =
        read(Program.of("package p; class A { Runnable r = () -> System.gc(); }"), "p/A");
    assertThat(method(header, "lambda$new$0", "()V").forwardsTo()).isNull();
  }

  @Test
  void castsAreAllowedBeforeTheCall() {
    assertThat(
            forward(
                "f(Ljava/lang/Object;J)V",
                "aload 0\ncheckcast T\nlload 1\ninvokestatic T.g (LT;J)V\nreturn"))
        .isNotNull();
  }

  @Test
  void whatDoesMoreIsNoForwarder() {
    assertThat(forward("f()V", "invokestatic T.g ()V\ninvokestatic T.g ()V\nreturn")).isNull();
    assertThat(forward("f()V", "return")).isNull();
    assertThat(forward("f()V", "iconst_1\ninvokestatic T.g (I)V\nreturn")).isNull();
    assertThat(forward("f()V", "bipush 9\ninvokestatic T.g (I)V\nreturn")).isNull();
    assertThat(forward("f()V", "ldc \"x\"\ninvokestatic T.g (Ljava/lang/String;)V\nreturn"))
        .isNull();
    assertThat(forward("f()V", "getstatic T.x I\ninvokestatic T.g (I)V\nreturn")).isNull();
    assertThat(forward("f(I)V", "iinc 0 1\niload 0\ninvokestatic T.g (I)V\nreturn")).isNull();
    assertThat(forward("f(I)V", "iload 0\nistore 1\niload 1\ninvokestatic T.g (I)V\nreturn"))
        .isNull();
    assertThat(
            forward(
                "f()Ljava/lang/Object;",
                "invokestatic T.g ()Ljava/lang/Object;\ncheckcast T\nareturn"))
        .isNull();
    assertThat(forward("f(I)V", "loop:\niload 0\ninvokestatic T.g (I)V\ngoto loop")).isNull();
    assertThat(
            forward(
                "f()V",
                """
                try from to handler
                from:
                invokestatic T.g ()V
                to:
                return
                handler:
                athrow
                """))
        .isNull();
  }

  @Test
  void aSwitchIsMoreThanACall() {
    assertThat(
            forward(
                "f(I)V",
                """
                iload 0
                tableswitch 0 end end
                end:
                iload 0
                invokestatic T.g (I)V
                return
                """))
        .isNull();
    assertThat(
            forward(
                "f(I)V",
                """
                iload 0
                lookupswitch end 5 end
                end:
                iload 0
                invokestatic T.g (I)V
                return
                """))
        .isNull();
  }
}
