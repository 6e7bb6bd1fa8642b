package io.treadle.instrumenter.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Assembly;
import io.treadle.instrumenter.Program;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

class InstructionsTest {
  private static String describe(MethodNode method) {
    StringBuilder text = new StringBuilder();
    Instructions.describe(method, text::append);
    return text.toString();
  }

  private static String describe(String code) {
    return describe(Assembly.of("f(II)I", code).method);
  }

  private static MethodNode compiled(String body, String... options) {
    ClassNode node = new ClassNode();
    byte[] bytes =
        Program.ofOptions(List.of(options), "class A { Object f(Object o) { " + body + " } }")
            .bytes("A");
    new ClassReader(bytes).accept(node, ClassReader.EXPAND_FRAMES);
    return node.methods.get(1);
  }

  @Test
  void equalCodeIsEqualWhateverItsLabelsAndLines() {
    assertThat(describe("line 1\nstart:\niload 0\nline 2\nifeq end\nnop\nend:\niload 1\nireturn"))
        .isEqualTo(describe("iload 0\nifeq x\nline 7\nnop\ny:\nx:\nz:\niload 1\nireturn"));
  }

  @Test
  void debugInformationDoesNotMatter() {
    String body = "Runnable r = () -> {};\nfor (int i = 0; i < 5; i++) { r.run(); }\nreturn o;";
    assertThat(describe(compiled(body)))
        .isEqualTo(describe(compiled(body.replace("\n", " "))))
        .isEqualTo(describe(compiled(body, "-g:none")));
  }

  @Test
  void everyOperandMatters() {
    String call = "iload 0\ninvokestatic T.f (I)I\nireturn";
    assertThat(
            List.of(
                call,
                call.replace("iload 0", "iload 1"),
                call.replace("T.f", "U.f"),
                call.replace("T.f", "T.g"),
                call.replace("(I)I", "(I)Z"),
                "bipush 9\nireturn",
                "bipush 8\nireturn",
                "sipush 9\nireturn",
                "ldc 9\nireturn",
                "ldc \"9\"\nireturn",
                "getstatic T.f I\nireturn",
                "getstatic T.f Z\nireturn",
                "getstatic T.g I\nireturn",
                "iinc 0 1\niload 0\nireturn",
                "iinc 0 2\niload 0\nireturn",
                "iinc 1 1\niload 0\nireturn",
                "aconst_null\ncheckcast T\nireturn",
                "aconst_null\ncheckcast U\nireturn",
                "iconst_1\nnewarray 8\nireturn",
                "iconst_1\niconst_1\nmultianewarray [[I 2\nireturn",
                "iconst_1\niconst_1\nmultianewarray [[I 1\nireturn"))
        .extracting(InstructionsTest::describe)
        .doesNotHaveDuplicates();
  }

  @Test
  void jumpsSwitchesAndHandlersMatter() {
    String jump = "a:\niload 0\nifeq %s\nb:\niload 1\nc:\nireturn";
    String table = "iload 0\ntableswitch %s a b\na:\nnop\nb:\niload 0\nireturn";
    String lookup = "iload 0\nlookupswitch %s\na:\nnop\nb:\niload 0\nireturn";
    String handler = "try a %s\na:\nnop\nb:\nnop\nc:\niload 0\nireturn";
    assertThat(
            List.of(
                jump.formatted("a"),
                jump.formatted("b"),
                jump.formatted("c"),
                table.formatted("1 a"),
                table.formatted("2 a"),
                table.formatted("1 b"),
                lookup.formatted("a 1 b"),
                lookup.formatted("a 2 b"),
                lookup.formatted("b 1 b"),
                lookup.formatted("a 1 a"),
                handler.formatted("b c java/lang/Error"),
                handler.formatted("b c java/lang/Exception"),
                handler.formatted("c c java/lang/Error"),
                handler.formatted("b b java/lang/Error"),
                handler.formatted("b c")))
        .extracting(InstructionsTest::describe)
        .doesNotHaveDuplicates();
  }

  @Test
  void theArgumentsOfInvokedynamicMatter() {
    assertThat(
            List.of(
                describe(compiled("return \"a\" + o;")),
                describe(compiled("return \"b\" + o;")),
                describe(compiled("return (Runnable) () -> {};")),
                describe(compiled("return (java.util.concurrent.Callable<?>) () -> null;"))))
        .doesNotHaveDuplicates();
  }
}
