package io.treadle.instrumenter.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Assembly;
import org.junit.jupiter.api.Test;

class ControlFlowTest {
  @Test
  void aConditionalJumpGoesToTwoPlaces() {
    Assembly code =
        Assembly.of(
            "f(I)V",
            """
            iload 0
            jump:
            ifeq other
            next:
            nop
            other:
            return
            """);
    ControlFlow flow = new ControlFlow(code.method);
    assertThat(flow.successors(code.at("jump")))
        .containsExactlyInAnyOrder(
            flow.indexOf(code.label("other")), flow.indexOf(code.label("next")));
  }

  @Test
  void nothingFollowsWhatEndsAPath() {
    Assembly code =
        Assembly.of(
            "f(I)V",
            """
            jump:
            goto end
            throw:
            aconst_null
            athrow
            end:
            return
            """);
    ControlFlow flow = new ControlFlow(code.method);
    assertThat(flow.successors(code.at("jump"))).containsExactly(flow.indexOf(code.label("end")));
    assertThat(flow.successors(code.at("throw") + 1)).isEmpty();
    assertThat(flow.successors(code.at("end"))).isEmpty();
  }

  @Test
  void aSwitchGoesToAllItsTargetsAndTheDefault() {
    Assembly code =
        Assembly.of(
            "f(I)V",
            """
            iload 0
            table:
            tableswitch 3 other one two
            one:
            iload 0
            lookup:
            lookupswitch other -5 one 7 two
            two:
            nop
            other:
            return
            """);
    ControlFlow flow = new ControlFlow(code.method);
    int one = flow.indexOf(code.label("one"));
    int two = flow.indexOf(code.label("two"));
    int other = flow.indexOf(code.label("other"));
    assertThat(flow.successors(code.at("table"))).containsExactlyInAnyOrder(one, two, other);
    assertThat(flow.successors(code.at("lookup"))).containsExactlyInAnyOrder(one, two, other);
  }

  @Test
  void handlersKeepTheOrderOfTheTable() {
    Assembly code =
        Assembly.of(
            "f()V",
            """
            try from to inner java/lang/RuntimeException
            try from end outer java/lang/Exception
            from:
            nop
            to:
            nop
            end:
            return
            inner:
            athrow
            outer:
            athrow
            """);
    ControlFlow flow = new ControlFlow(code.method);
    assertThat(flow.handlers(code.at("from")))
        .extracting(b -> b.type)
        .startsWith("java/lang/RuntimeException", "java/lang/Exception");
    assertThat(flow.handlers(code.at("to")))
        .extracting(b -> b.type)
        .containsExactly("java/lang/Exception");
    assertThat(flow.handlers(code.at("end"))).isEmpty();
  }

  @Test
  void aHandlerMayCoverItself() {
    Assembly code =
        Assembly.of(
            "f()V",
            """
            try from end handler java/lang/Exception
            from:
            nop
            handler:
            athrow
            end:
            return
            """);
    ControlFlow flow = new ControlFlow(code.method);
    assertThat(flow.handlers(code.at("handler")))
        .extracting(b -> b.handler)
        .containsExactly(code.label("handler"));
  }

  @Test
  void anEmptyRangeCoversNothing() {
    Assembly code =
        Assembly.of(
            "f()V",
            """
            try from to handler java/lang/Exception
            from:
            to:
            return
            handler:
            athrow
            """);
    assertThat(new ControlFlow(code.method).handlers(code.at("from"))).isEmpty();
  }
}
