package io.treadle.instrumenter.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Assembly;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private static final String CALL = "invokestatic T.call ()V\n";

  private static BitSet across(String code) {
    return at(code, true);
  }

  private static BitSet before(String code) {
    return at(code, false);
  }

  /** What is live at the label {@code call}. */
  private static BitSet at(String code, boolean across) {
    Assembly assembly = Assembly.of("f(IILjava/lang/Object;)I", code);
    Liveness liveness = Liveness.of(assembly.method, new ControlFlow(assembly.method));
    int index = assembly.at("call");
    return across ? liveness.across(index) : liveness.before(index);
  }

  private static BitSet variables(int... indexes) {
    BitSet set = new BitSet();
    for (int index : indexes) {
      set.set(index);
    }
    return set;
  }

  @Test
  void aVariableThatIsReadLaterIsLive() {
    assertThat(across("call:\n" + CALL + "iload 1\nireturn")).isEqualTo(variables(1));
  }

  @Test
  void aVariableThatIsWrittenFirstIsDead() {
    assertThat(across("call:\n" + CALL + "iconst_1\nistore 1\niload 1\nireturn"))
        .isEqualTo(variables());
  }

  @Test
  void anIncrementReads() {
    assertThat(across("call:\n" + CALL + "iinc 1 1\niconst_0\nireturn")).isEqualTo(variables(1));
  }

  @Test
  void whatOnlyOnePathReadsIsLive() {
    assertThat(
            across(
                "call:\n"
                    + CALL
                    + """
                    iload 0
                    ifeq other
                    iload 1
                    ireturn
                    other:
                    iconst_0
                    ireturn
                    """))
        .isEqualTo(variables(0, 1));
  }

  @Test
  void theNextRoundOfALoopReads() {
    assertThat(
            across(
                """
                loop:
                iload 1
                pop
                call:
                """
                    + CALL
                    + "goto loop"))
        .isEqualTo(variables(1));
  }

  @Test
  void aVariableThatTheCodeClearsBeforeTheCallIsDead() {
    String code =
        """
        aload 2
        aconst_null
        astore 2
        call:
        invokestatic T.call (Ljava/lang/Object;)V
        iconst_0
        ireturn
        """;
    assertThat(across(code)).isEqualTo(variables());
    assertThat(before(code)).isEqualTo(variables());
  }

  @Test
  void aWriteThatMayNotHappenDoesNotKill() {
    // v = old; try { v = call(); } catch (Exception e) { use(v); }
    String code =
        """
        try from to handler java/lang/Exception
        from:
        call:
        invokestatic T.get ()I
        store:
        istore 1
        to:
        iconst_0
        ireturn
        handler:
        pop
        iload 1
        ireturn
        """;
    assertThat(across(code)).isEqualTo(variables(1));
    Assembly assembly = Assembly.of("f(IILjava/lang/Object;)I", code);
    Liveness liveness = Liveness.of(assembly.method, new ControlFlow(assembly.method));
    assertThat(liveness.before(assembly.at("store"))).isEqualTo(variables(1));
  }

  @Test
  void whatAHandlerReadsIsLiveInItsWholeRange() {
    // The write comes long before the end of the range, and is in it.
    assertThat(
            before(
                """
                try from to handler java/lang/Exception
                from:
                call:
                nop
                nop
                iconst_1
                istore 1
                nop
                to:
                iconst_0
                ireturn
                handler:
                pop
                iload 1
                ireturn
                """))
        .isEqualTo(variables(1));
  }

  @Test
  void outsideTheRangeTheHandlerDoesNotMatter() {
    assertThat(
            across(
                """
                try from to handler java/lang/Exception
                call:
                invokestatic T.call ()V
                iconst_1
                istore 1
                from:
                nop
                to:
                iconst_0
                ireturn
                handler:
                pop
                iload 1
                ireturn
                """))
        .isEqualTo(variables());
  }

  @Test
  void aHandlerThatCoversItselfIsALoop() {
    assertThat(
            across(
                """
                try from end handler java/lang/Exception
                from:
                call:
                invokestatic T.call ()V
                iconst_0
                ireturn
                handler:
                pop
                aload 2
                invokestatic T.use (Ljava/lang/Object;)V
                iload 0
                ireturn
                end:
                nop
                """))
        .isEqualTo(variables(0, 2));
  }

  @Test
  void anEndlessLoopEnds() {
    assertThat(across("loop:\ncall:\n" + CALL + "goto loop")).isEqualTo(variables());
  }
}
