package io.treadle.instrumenter.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.instrumenter.Assembly;
import io.treadle.instrumenter.flow.VerificationType.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.analysis.AnalyzerException;

class TypeFlowTest {
  private static TypeFlow.State before(Assembly code, String label) throws AnalyzerException {
    return TypeFlow.of("Owner", code.method).before(code.at(label));
  }

  /** The stack before a label, written like a stack map. */
  private static List<String> stack(Assembly code, String label) throws AnalyzerException {
    TypeFlow.State state = before(code, label);
    List<String> types = new ArrayList<>();
    for (int i = 0; i < state.getStackSize(); i++) {
      types.add(written(state.getStack(i)));
    }
    return types;
  }

  private static List<String> stackOf(String instructions) throws AnalyzerException {
    return stack(
        Assembly.of("f([[I[Ljava/lang/String;JD)V", instructions + "\nend:\nreturn"), "end");
  }

  private static String written(VerificationType type) {
    return type.kind() == Kind.OBJECT ? type.name() : type.kind().toString();
  }

  @Test
  void parametersAreInTheirSlots() throws Exception {
    Assembly code = Assembly.of(0, "f(JILjava/lang/String;[DZ)V", "start:\nreturn");
    TypeFlow.State state = before(code, "start");
    assertThat(written(state.getLocal(0))).isEqualTo("Owner");
    assertThat(written(state.getLocal(1))).isEqualTo("LONG");
    assertThat(written(state.getLocal(2))).isEqualTo("TOP");
    assertThat(written(state.getLocal(3))).isEqualTo("INT");
    assertThat(written(state.getLocal(4))).isEqualTo("java/lang/String");
    assertThat(written(state.getLocal(5))).isEqualTo("[D");
    assertThat(written(state.getLocal(6))).isEqualTo("INT");
    assertThat(written(state.getLocal(7))).isEqualTo("TOP");
  }

  @Test
  void instructionsGiveTheTypesOfTheVerifier() throws Exception {
    assertThat(stackOf("aconst_null")).containsExactly("NULL");
    assertThat(stackOf("lload 2\ndload 4")).containsExactly("LONG", "DOUBLE");
    assertThat(stackOf("lload 2\nl2i\ni2f")).containsExactly("FLOAT");
    assertThat(stackOf("aload 0\niconst_0\naaload")).containsExactly("[I");
    assertThat(stackOf("aload 0\niconst_0\naaload\niconst_0\niaload")).containsExactly("INT");
    assertThat(stackOf("aload 1\niconst_0\naaload")).containsExactly("java/lang/String");
    assertThat(stackOf("aconst_null\niconst_0\naaload")).containsExactly("NULL");
    assertThat(stackOf("iconst_1\nanewarray java/lang/String"))
        .containsExactly("[Ljava/lang/String;");
    assertThat(stackOf("iconst_1\nanewarray [I")).containsExactly("[[I");
    assertThat(stackOf("iconst_1\nnewarray 4")).containsExactly("[Z");
    assertThat(stackOf("iconst_1\nnewarray 8")).containsExactly("[B");
    assertThat(stackOf("iconst_1\niconst_1\nmultianewarray [[J 2")).containsExactly("[[J");
    assertThat(stackOf("aload 1\ncheckcast java/lang/Object")).containsExactly("java/lang/Object");
    assertThat(stackOf("ldc \"x\"\nldc 5")).containsExactly("java/lang/String", "INT");
    assertThat(stackOf("lload 2\nlload 2\nlcmp")).containsExactly("INT");
    assertThat(stackOf("invokestatic T.z ()Z\ninvokestatic T.v ()V")).containsExactly("INT");
  }

  @Test
  void aValueKeepsTheInstructionThatMadeIt() throws Exception {
    Assembly code =
        Assembly.of(
            "f()V",
            """
            read:
            getstatic T.x I
            call:
            invokestatic T.get ()Ljava/lang/Object;
            dup
            astore 3
            aload 3
            end:
            return
            """);
    TypeFlow.State state = before(code, "end");
    assertThat(state.getStack(0).origin()).isSameAs(code.insn("read"));
    assertThat(state.getStack(1).origin()).isSameAs(code.insn("call"));
    assertThat(state.getStack(2).origin()).isSameAs(code.insn("call"));
    assertThat(state.getStack(0)).isEqualTo(VerificationType.INT);
  }

  @Test
  void codeAfterAJumpHasNoTypesUntilAStackMap() throws Exception {
    Assembly code =
        Assembly.of(
            "f()V",
            """
            goto end
            dead:
            iconst_0
            pop
            end:
            frame [T J T java/lang/String] [F]
            live:
            return
            """);
    TypeFlow flow = TypeFlow.of("Owner", code.method);
    assertThat(flow.before(code.at("dead"))).isNull();
    TypeFlow.State state = flow.before(code.at("live"));
    assertThat(written(state.getLocal(1))).isEqualTo("LONG");
    assertThat(written(state.getLocal(2))).isEqualTo("TOP");
    assertThat(written(state.getLocal(4))).isEqualTo("java/lang/String");
    assertThat(stack(code, "live")).containsExactly("FLOAT");
  }

  @Test
  void theStackMapDecidesAndNotTheCodeBefore() throws Exception {
    Assembly code =
        Assembly.of(
            "f()V",
            """
            aconst_null
            astore 0
            frame [java/lang/Number] []
            aload 0
            end:
            return
            """);
    assertThat(stack(code, "end")).containsExactly("java/lang/Number");
  }

  @Test
  void afterTheConstructorEveryAliasIsTheObject() throws Exception {
    Assembly code =
        Assembly.of(
            "f()V",
            """
            new java/lang/Object
            dup
            dup
            astore 2
            dup
            before:
            invokespecial java/lang/Object.<init> ()V
            after:
            return
            """);
    TypeFlow.State before = before(code, "before");
    assertThat(before.getLocal(2).kind()).isEqualTo(Kind.UNINITIALIZED);
    assertThat(stack(code, "before")).containsOnly("UNINITIALIZED").hasSize(3);
    assertThat(stack(code, "after")).containsExactly("java/lang/Object", "java/lang/Object");
    assertThat(written(before(code, "after").getLocal(2))).isEqualTo("java/lang/Object");
  }

  @Test
  void theConstructorOfOneObjectDoesNotInitialiseAnotherOfItsClass() throws Exception {
    Assembly code =
        Assembly.of(
            "f()V",
            """
            outer:
            new java/lang/Object
            dup
            new java/lang/Object
            dup
            invokespecial java/lang/Object.<init> ()V
            after:
            return
            """);
    assertThat(stack(code, "after"))
        .containsExactly("UNINITIALIZED", "UNINITIALIZED", "java/lang/Object");
    assertThat(before(code, "after").getStack(0).site()).isSameAs(code.insn("outer"));
  }

  @Test
  void anUninitialisedObjectInAStackMapIsThatOfItsNew() throws Exception {
    Assembly code =
        Assembly.of(
            "f(I)V",
            """
            site:
            new java/lang/Object
            dup
            iload 0
            ifeq join
            nop
            join:
            frame [I] [@site @site]
            invokespecial java/lang/Object.<init> ()V
            end:
            return
            """);
    assertThat(stack(code, "end")).containsExactly("java/lang/Object");
  }

  @Test
  void aConstructorStartsWithoutThis() throws Exception {
    Assembly code =
        Assembly.of(
            0,
            "<init>()V",
            """
            start:
            aload 0
            invokespecial java/lang/Object.<init> ()V
            after:
            return
            """);
    assertThat(before(code, "start").getLocal(0).kind()).isEqualTo(Kind.UNINITIALIZED_THIS);
    assertThat(before(code, "after").getLocal(0).kind()).isEqualTo(Kind.OBJECT);
  }

  @Test
  void aConstantIsNoNewStackSlotForTwo() throws Exception {
    assertThat(stackOf("lload 2\ndup2\nlconst_0\nladd")).containsExactly("LONG", "LONG");
  }

  @Test
  void invalidBytecodeIsReportedAtItsInstruction() {
    Assembly code = Assembly.of("f()V", "bad:\npop\nreturn");
    assertThatThrownBy(() -> TypeFlow.of("Owner", code.method))
        .isInstanceOfSatisfying(
            AnalyzerException.class, e -> assertThat(e.node).isSameAs(code.insn("bad")));
  }

  @Test
  void aSubroutineIsRefused() {
    Assembly code = Assembly.of("f()V", "jsr sub\nreturn\nsub:\nastore 0\nret 0");
    assertThatThrownBy(() -> TypeFlow.of("Owner", code.method))
        .isInstanceOf(AnalyzerException.class)
        .hasMessageContaining("JSR");
  }

  @Test
  void returnsJumpsAndThrowsEndAPath() {
    assertThat(
            List.of(
                Opcodes.GOTO,
                Opcodes.TABLESWITCH,
                Opcodes.LOOKUPSWITCH,
                Opcodes.IRETURN,
                Opcodes.RETURN,
                Opcodes.ATHROW,
                Opcodes.RET))
        .allMatch(TypeFlow::endsPath);
    assertThat(List.of(Opcodes.IFEQ, Opcodes.INVOKESTATIC, Opcodes.MONITOREXIT, -1))
        .noneMatch(TypeFlow::endsPath);
  }
}
