package io.treadle.instrumenter.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Assembly;
import org.junit.jupiter.api.Test;

class MonitorDepthTest {
  private static int depth(Assembly code, String label) {
    return MonitorDepth.of(code.method, new ControlFlow(code.method)).before(code.at(label));
  }

  /** {@code synchronized (o) { inside } outside}, as javac writes it. */
  private static final Assembly BLOCK =
      Assembly.of(
          "f(Ljava/lang/Object;)V",
          """
          try from to handler
          try handler end handler
          aload 0
          dup
          astore 1
          monitorenter
          from:
          inside:
          nop
          aload 1
          monitorexit
          to:
          goto outside
          handler:
          astore 2
          aload 1
          monitorexit
          end:
          leaving:
          aload 2
          athrow
          outside:
          return
          """);

  @Test
  void aBlockHoldsItsMonitorAndNobodyElse() {
    assertThat(depth(BLOCK, "inside")).isEqualTo(1);
    assertThat(depth(BLOCK, "handler")).isEqualTo(1);
    assertThat(depth(BLOCK, "leaving")).isZero();
    assertThat(depth(BLOCK, "outside")).isZero();
  }

  @Test
  void theSameObjectTwiceIsTwoMonitors() {
    Assembly code =
        Assembly.of(
            "f(Ljava/lang/Object;)V",
            """
            aload 0
            monitorenter
            one:
            aload 0
            monitorenter
            two:
            aload 0
            monitorexit
            oneAgain:
            aload 0
            monitorexit
            none:
            return
            """);
    assertThat(depth(code, "one")).isEqualTo(1);
    assertThat(depth(code, "two")).isEqualTo(2);
    assertThat(depth(code, "oneAgain")).isEqualTo(1);
    assertThat(depth(code, "none")).isZero();
  }

  @Test
  void aFinallyAroundABlockIsReachedWithoutItsMonitor() {
    // try { synchronized (o) {} } finally { after }: the outer range covers the inner handler.
    Assembly code =
        Assembly.of(
            "f(Ljava/lang/Object;)V",
            """
            try from to handler
            try handler end handler
            try start outer outer
            start:
            aload 0
            dup
            astore 1
            monitorenter
            from:
            nop
            aload 1
            monitorexit
            to:
            goto done
            handler:
            astore 2
            aload 1
            monitorexit
            end:
            aload 2
            athrow
            done:
            nop
            outer:
            astore 3
            after:
            return
            """);
    assertThat(depth(code, "after")).isZero();
  }

  @Test
  void aCatchAroundABlockSeesTheMonitorsOfCodeThatCanThrowPastIt() {
    // Not what a compiler writes: the monitor is never left.
    Assembly code =
        Assembly.of(
            "f(Ljava/lang/Object;)V",
            """
            try from to handler java/lang/Exception
            aload 0
            monitorenter
            from:
            nop
            to:
            return
            handler:
            pop
            return
            """);
    assertThat(depth(code, "handler")).isEqualTo(1);
  }

  @Test
  void wherePathsDisagreeTheLargerNumberCounts() {
    Assembly code =
        Assembly.of(
            "f(Ljava/lang/Object;I)V",
            """
            iload 1
            ifeq join
            aload 0
            monitorenter
            join:
            return
            """);
    assertThat(depth(code, "join")).isEqualTo(1);
  }

  @Test
  void aLoopThatOnlyEntersEnds() {
    Assembly code =
        Assembly.of(
            "f(Ljava/lang/Object;)V",
            """
            loop:
            aload 0
            monitorenter
            goto loop
            """);
    assertThat(depth(code, "loop")).isPositive();
  }
}
