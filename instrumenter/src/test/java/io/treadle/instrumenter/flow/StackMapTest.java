package io.treadle.instrumenter.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Assembly;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.FrameNode;

class StackMapTest {
  @Test
  void aLongIsOneEntryAndGapsAreTop() {
    FrameNode frame =
        new StackMap()
            .local(1, VerificationType.LONG)
            .local(4, VerificationType.object("java/lang/String"))
            .push(VerificationType.DOUBLE)
            .push(VerificationType.NULL)
            .node();
    assertThat(frame.local)
        .containsExactly(Opcodes.TOP, Opcodes.LONG, Opcodes.TOP, "java/lang/String");
    assertThat(frame.stack).containsExactly(Opcodes.DOUBLE, Opcodes.NULL);
  }

  @Test
  void anUninitialisedObjectIsTheLabelOfItsNew() {
    Assembly code = Assembly.of("f()V", "site:\nline 5\nnew T\nreturn");
    FrameNode frame = new StackMap().push(VerificationType.uninitialized(code.insn("site"))).node();
    assertThat(frame.stack).singleElement().isInstanceOf(org.objectweb.asm.tree.LabelNode.class);
  }

  @Test
  void theEmptyStackMap() {
    FrameNode frame = new StackMap().node();
    assertThat(frame.local).isEmpty();
    assertThat(frame.stack).isEmpty();
  }
}
