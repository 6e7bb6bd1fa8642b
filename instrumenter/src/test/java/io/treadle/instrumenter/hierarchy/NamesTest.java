package io.treadle.instrumenter.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {
  private static final String COROUTINE = "Lio/treadle/continuation/Coroutine;";

  @Test
  void aTwinHasOneParameterMoreAtTheEnd() {
    assertThat(Names.twin("()V")).isEqualTo("(" + COROUTINE + ")V");
    assertThat(Names.twin("(IJ)[I")).isEqualTo("(IJ" + COROUTINE + ")[I");
    assertThat(Names.plain(Names.twin("(IJ)[I"))).isEqualTo("(IJ)[I");
    assertThat(Names.isTwin(Names.twin("()V"))).isTrue();
    assertThat(Names.isTwin("(" + COROUTINE + "I)V")).isFalse();
    assertThat(Names.isTwin("()" + COROUTINE)).isFalse();
  }

  @Test
  void aBodyTakesTheReceiverFirst() {
    assertThat(Names.body("Lp/A;", true, "(I)V")).isEqualTo("(I" + COROUTINE + ")V");
    assertThat(Names.body("Lp/A;", false, "(I)V")).isEqualTo("(Lp/A;I" + COROUTINE + ")V");
  }

  @Test
  void coverageAndDebuggersSeeABodyAsALambda() {
    assertThat(Names.isLambda(Names.bodyName("f"))).isTrue();
    assertThat(Names.bodyName("lambda$f$0")).isEqualTo("lambda$f$0");
  }

  @Test
  void messagesWriteMethodsAsJavaDoes() {
    assertThat(Names.readable("f", "()V")).isEqualTo("f()");
    assertThat(Names.readable("f", "(Ljava/net/URI;I[[JLjava/util/Map$Entry;)V"))
        .isEqualTo("f(URI, int, long[][], Map.Entry)");
    assertThat(Names.simple("java/util/Map$Entry")).isEqualTo("Map.Entry");
    assertThat(Names.simple("Top")).isEqualTo("Top");
  }
}
