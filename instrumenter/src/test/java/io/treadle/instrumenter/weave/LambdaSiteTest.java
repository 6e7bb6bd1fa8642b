package io.treadle.instrumenter.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Program;
import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.hierarchy.Names;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

class LambdaSiteTest {
  private static final String TYPES =
      """
      interface F<T> { Object apply(T t) throws Exception; }
      interface K { Object apply(String s) throws Exception; }
      interface G extends F<String>, K {}
      interface Mark {}
      static Object named(String s) { return s; }
      """;

  private static ClassNode compile(String expression) {
    ClassNode node = new ClassNode();
    byte[] bytes =
        Program.of(
                "package p; class A { "
                    + TYPES
                    + " Object make(long l) { return "
                    + expression
                    + "; } }")
            .bytes("p/A");
    new ClassReader(bytes).accept(node, 0);
    return node;
  }

  private static InvokeDynamicInsnNode dynamic(ClassNode node) {
    for (MethodNode method : node.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        if (method.name.equals("make") && insn instanceof InvokeDynamicInsnNode dynamic) {
          return dynamic;
        }
      }
    }
    throw new AssertionError("no invokedynamic");
  }

  private static LambdaSite site(String expression) {
    return LambdaSite.of(dynamic(compile(expression)));
  }

  private static Handle body() {
    return new Handle(Opcodes.H_INVOKESTATIC, "p/A", "lambda$make$0", "(J)V", false);
  }

  @Test
  void aLambdaSaysItsInterfaceAndItsBody() {
    ClassNode node = compile("(F<String>) s -> s + l");
    LambdaSite site = LambdaSite.of(dynamic(node));
    assertThat(site.functional).isEqualTo("p/A$F");
    assertThat(site.method()).isEqualTo("apply");
    assertThat(site.sam.getDescriptor()).isEqualTo("(Ljava/lang/Object;)Ljava/lang/Object;");
    assertThat(site.instantiated.getDescriptor())
        .isEqualTo("(Ljava/lang/String;)Ljava/lang/Object;");
    assertThat(site.hasLambdaBody(node)).isTrue();
    assertThat(site.isSerializable()).isFalse();
  }

  @Test
  void aMethodReferenceHasNoBody() {
    ClassNode node = compile("(F<String>) A::named");
    assertThat(LambdaSite.of(dynamic(node)).hasLambdaBody(node)).isFalse();
  }

  @Test
  void aStringConcatenationIsNoLambda() {
    assertThat(LambdaSite.of(dynamic(compile("\"a\" + l")))).isNull();
  }

  @Test
  void aWovenSiteAsksTheRuntimeForTheTwin() {
    LambdaSite site = site("(F<String>) s -> s + l");
    site.weave("p/A", body(), StubPolicy.REFUSE);
    Object[] arguments = site.insn.bsmArgs;
    assertThat(site.insn.bsm).isEqualTo(Names.LAMBDA_BOOTSTRAP);
    assertThat(site.insn.name).isEqualTo("apply");
    assertThat(site.insn.desc).isEqualTo("(J)Lp/A$F;");
    assertThat(arguments[0]).isEqualTo(Names.VERSION);
    assertThat((String) arguments[1]).startsWith("p.A$F$Woven$");
    assertThat(arguments[3])
        .isEqualTo(Type.getMethodType(Names.twin("(Ljava/lang/Object;)Ljava/lang/Object;")));
    assertThat(arguments[4]).isEqualTo(body());
    assertThat(arguments[5])
        .isEqualTo(Type.getMethodType(Names.twin("(Ljava/lang/String;)Ljava/lang/Object;")));
    assertThat(arguments[6]).isEqualTo(0);
    assertThat(arguments).hasSize(7);
  }

  @Test
  void markersAndSerializationAreKept() {
    LambdaSite site = site("(F<String> & Mark & java.io.Serializable) s -> s");
    assertThat(site.isSerializable()).isTrue();
    site.weave("p/A", body(), StubPolicy.REFUSE);
    List<Object> arguments = Arrays.asList(site.insn.bsmArgs);
    assertThat(arguments.get(6)).isEqualTo(1 | 2); // serializable, markers
    assertThat(arguments.get(7)).isEqualTo(1);
    assertThat(arguments.get(8)).isEqualTo(Type.getObjectType("p/A$Mark"));
  }

  @Test
  void theTwinsOfBridgesAreBridgesOfTheTwin() {
    LambdaSite site = site("(G) s -> s");
    site.weave("p/A", body(), StubPolicy.REFUSE);
    List<Object> arguments = Arrays.asList(site.insn.bsmArgs);
    assertThat(arguments.get(6)).isEqualTo(4); // bridges
    assertThat(arguments.get(7)).isEqualTo(1);
    assertThat(arguments.get(8))
        .isEqualTo(Type.getMethodType(Names.twin("(Ljava/lang/Object;)Ljava/lang/Object;")));
  }
}
