package io.treadle.instrumenter.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.instrumenter.Assembly;
import io.treadle.instrumenter.AsyncMethods;
import io.treadle.instrumenter.Program;
import io.treadle.instrumenter.hierarchy.Hierarchy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;

class StackMapsTest {
  private static ClassNode compute(Assembly code) throws StackMaps.UnsupportedBytecode {
    byte[] old = Assembly.classFile(Opcodes.V1_4, "T", code.method);
    Hierarchy hierarchy = new Hierarchy(Program.ofClasses(Map.of()), AsyncMethods.ANNOTATED);
    return StackMaps.compute(new ClassReader(old), hierarchy);
  }

  private static FrameNode join(String one, String other) throws Exception {
    ClassNode node =
        compute(
            Assembly.of(
                "f(Z" + one + other + ")Ljava/lang/Object;",
                """
                iload 0
                ifeq other
                aload 1
                goto end
                other:
                aload 2
                end:
                areturn
                """));
    FrameNode last = null;
    for (var insn : node.methods.get(0).instructions) {
      last = insn instanceof FrameNode frame ? frame : last;
    }
    return last;
  }

  @Test
  void theClassIsOfAVersionThatHasStackMaps() throws Exception {
    assertThat(compute(Assembly.of("f()V", "return")).version).isEqualTo(Opcodes.V1_8);
  }

  @Test
  void wherePathsJoinTheTypeIsTheCommonSuperclass() throws Exception {
    assertThat(join("Ljava/lang/Integer;", "Ljava/lang/Double;").stack)
        .containsExactly("java/lang/Number");
  }

  @Test
  void classesThatShareOnlyAnInterfaceJoinToObject() throws Exception {
    assertThat(join("Ljava/lang/Integer;", "Ljava/lang/String;").stack)
        .containsExactly("java/lang/Object");
  }

  @Test
  void anAbsentClassJoinsToObject() throws Exception {
    assertThat(join("Labsent/A;", "Ljava/lang/String;").stack).containsExactly("java/lang/Object");
    assertThat(join("Labsent/A;", "Labsent/A;").stack).containsExactly("absent/A");
  }

  @Test
  void aSubroutineIsRefusedWithTheWayOut() {
    assertThatThrownBy(() -> compute(Assembly.of("f()V", "jsr sub\nreturn\nsub:\nastore 0\nret 0")))
        .isInstanceOf(StackMaps.UnsupportedBytecode.class)
        .hasMessageContaining("compile it for Java 7 or later");
  }
}
