package io.treadle.instrumenter.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Program;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** Method references that are made lambdas, called by reflection. */
class MethodReferencesTest {
  private static final String MEMBERS =
      """
      public String field = "x";
      public A() {}
      public A(String s) { field = s; }
      static int twice(int i) { return 2 * i; }
      static Integer boxed(Integer i) { return i + 1; }
      static long wide(long l) { return l; }
      String join(String s) { return field + s; }
      private String own(String s) { return field + s; }
      interface F<T, R> { R apply(T t); }
      interface V { void run(); }
      """;

  /** The lambda of the one method reference in the method {@code make}, and what made it. */
  private record Made(ClassNode node, LambdaSite site, MethodNode lambda) {
    Object call(Object... arguments) throws Exception {
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      node.accept(writer);
      Map<String, byte[]> classes = new TreeMap<>(PROGRAM.classes());
      classes.put(node.name, writer.toByteArray());
      ClassLoader loader = Program.ofClasses(classes).load();
      Class<?> type = loader.loadClass(node.name);
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] == SELF) {
          arguments[i] = type.getConstructor().newInstance();
        }
      }
      for (Method method : type.getDeclaredMethods()) {
        if (method.getName().equals(lambda.name)) {
          method.setAccessible(true);
          return method.invoke(null, arguments);
        }
      }
      throw new AssertionError(lambda.name);
    }
  }

  private static final Object SELF = new Object();
  private static Program PROGRAM;

  private static Made lambda(String type, String reference) {
    PROGRAM =
        Program.of(
            "import java.util.function.*; public class A { "
                + MEMBERS
                + "Object make(A a, String s) {\n"
                + type
                + " f = "
                + reference
                + "; return f; } }");
    ClassNode node = new ClassNode();
    new ClassReader(PROGRAM.bytes("A")).accept(node, ClassReader.EXPAND_FRAMES);
    for (MethodNode method : List.copyOf(node.methods)) {
      for (AbstractInsnNode insn : method.instructions) {
        if (method.name.equals("make") && insn instanceof InvokeDynamicInsnNode dynamic) {
          LambdaSite site = LambdaSite.of(dynamic);
          MethodNode lambda = new MethodReferences(node).toLambda(site, method, 2);
          node.methods.add(lambda);
          return new Made(node, site, lambda);
        }
      }
    }
    throw new AssertionError("no method reference");
  }

  @Test
  void aStaticMethodWhoseParameterAndResultAreUnboxedAndBoxed() throws Exception {
    assertThat(lambda("F<Integer, Integer>", "A::twice").call(21)).isEqualTo(42);
    assertThat(lambda("IntUnaryOperator", "A::boxed").call(1)).isEqualTo(2);
    assertThat(lambda("F<Integer, Object>", "A::boxed").call(1)).isEqualTo(2);
  }

  @Test
  void aResultIsWidened() throws Exception {
    assertThat(lambda("IntToLongFunction", "A::twice").call(4)).isEqualTo(8L);
    assertThat(lambda("ToDoubleFunction<Integer>", "A::boxed").call(4)).isEqualTo(5.0);
    assertThat(lambda("F<Integer, Long>", "A::wide").call(4)).isEqualTo(4L);
  }

  @Test
  void aReceiverIsBoundOrComesFirst() throws Exception {
    assertThat(lambda("F<String, String>", "this::join").call(SELF, "y")).isEqualTo("xy");
    assertThat(lambda("F<String, CharSequence>", "a::join").call(SELF, "y")).isEqualTo("xy");
    assertThat(lambda("BiFunction<A, String, Object>", "A::join").call(SELF, "y")).isEqualTo("xy");
    assertThat(lambda("BiFunction<A, String, Object>", "A::own").call(SELF, "y")).isEqualTo("xy");
  }

  @Test
  void aMethodOfAnotherClassOrInterface() throws Exception {
    assertThat(lambda("F<String, Integer>", "String::length").call("four")).isEqualTo(4);
    assertThat(lambda("F<CharSequence, Integer>", "CharSequence::length").call("four"))
        .isEqualTo(4);
    assertThat(lambda("IntSupplier", "s::length").call("four")).isEqualTo(4);
  }

  @Test
  void aConstructor() throws Exception {
    assertThat(lambda("F<String, A>", "A::new").call("y"))
        .satisfies(a -> assertThat(a.getClass().getField("field").get(a)).isEqualTo("y"));
    assertThat(lambda("V", "A::new").call()).isNull();
  }

  @Test
  void aResultThatNobodyWantsIsDropped() throws Exception {
    assertThat(lambda("Consumer<Integer>", "A::twice").call(1)).isNull();
    assertThat(lambda("Consumer<Long>", "A::wide").call(1L)).isNull();
    assertThat(lambda("Consumer<String>", "this::join").call(SELF, "")).isNull();
  }

  @Test
  void theSitePointsAtTheLambdaWhichHasTheLineOfTheReference() {
    Made made = lambda("F<Integer, Integer>", "A::twice");
    assertThat(made.site.implementation.getName()).isEqualTo("twice");
    Object implementation = made.site.insn.bsmArgs[1];
    assertThat(implementation)
        .isEqualTo(
            new org.objectweb.asm.Handle(
                Opcodes.H_INVOKESTATIC, "A", made.lambda.name, made.lambda.desc, false));
    assertThat(made.lambda.name).startsWith("lambda$make$");
    assertThat(made.lambda.access & Opcodes.ACC_SYNTHETIC).isNotZero();
    List<Integer> lines = new ArrayList<>();
    for (AbstractInsnNode insn : made.lambda.instructions) {
      if (insn instanceof LineNumberNode number) {
        lines.add(number.line);
      }
    }
    assertThat(lines).containsExactly(2);
  }
}
