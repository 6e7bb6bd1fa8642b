package io.treadle.instrumenter.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Assembly;
import io.treadle.instrumenter.flow.TypeFlow;
import io.treadle.instrumenter.flow.VerificationType;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.tree.MethodInsnNode;

class SuspensionPointTest {
  /** The point at the label {@code call} of code whose variables are all live. */
  private static SuspensionPoint point(String code, int arguments) throws Exception {
    Assembly assembly =
        Assembly.of("f(JLjava/lang/String;IDFLjava/lang/Object;)V", code + "\nreturn");
    int call = assembly.at("call");
    BitSet live = new BitSet();
    live.set(0, assembly.method.maxLocals);
    return new SuspensionPoint(
        7,
        (MethodInsnNode) assembly.insn("call"),
        12,
        TypeFlow.of("T", assembly.method).before(call),
        live,
        List.of(),
        arguments);
  }

  private static List<Integer> fields(List<SuspensionPoint.Saved> saved) {
    return saved.stream().map(SuspensionPoint.Saved::field).toList();
  }

  @Test
  void longsStartAtEvenIntsAndReferencesCountForThemselves() throws Exception {
    SuspensionPoint point = point("call:\ninvokestatic T.f ()V", 0);
    // long, String, int, double, float, Object
    assertThat(fields(point.locals)).containsExactly(0, 0, 4, 2, 5, 1);
    assertThat(point.locals)
        .extracting(SuspensionPoint.Saved::local)
        .containsExactly(0, 2, 3, 4, 6, 7);
    assertThat(point.references).isEqualTo(2);
    assertThat(point.ints).isEqualTo(6);
    assertThat(point.result()).isNull();
  }

  @Test
  void theStackBelowTheArgumentsIsSaved() throws Exception {
    SuspensionPoint point =
        point(
            "iconst_1\naload 2\nlconst_1\nlconst_1\naload 2\n"
                + "call:\ninvokestatic T.f (JLjava/lang/String;)J",
            2);
    assertThat(point.stack)
        .extracting(s -> s.type().kind())
        .containsExactly(
            VerificationType.Kind.INT, VerificationType.Kind.OBJECT, VerificationType.Kind.LONG);
    assertThat(point.stack).allMatch(s -> s.local() == -1);
    assertThat(point.result()).isEqualTo(VerificationType.LONG);
    assertThat(point.references).isEqualTo(3);
    assertThat(point.ints).as("two longs, a double, two ints, a float").isEqualTo(9);
  }

  @Test
  void fieldsAreUsedOnce() throws Exception {
    SuspensionPoint point = point("iconst_1\nlconst_1\nfconst_1\ncall:\ninvokestatic T.f ()V", 0);
    BitSet used = new BitSet();
    for (List<SuspensionPoint.Saved> all : List.of(point.locals, point.stack)) {
      for (SuspensionPoint.Saved saved : all) {
        if (!saved.type().isReference()) {
          for (int i = 0; i < saved.type().getSize(); i++) {
            assertThat(used.get(saved.field() + i)).isFalse();
            used.set(saved.field() + i);
          }
        }
      }
    }
    assertThat(used.cardinality()).isEqualTo(point.ints).isEqualTo(used.length());
  }

  @Test
  void aNullNeedsNoField() throws Exception {
    SuspensionPoint point =
        point(
            "aconst_null\nastore 7\naconst_null\naload 2\n"
                + "call:\ninvokestatic T.f (Ljava/lang/String;)V",
            1);
    assertThat(point.stack).singleElement().matches(SuspensionPoint.Saved::isNull);
    assertThat(fields(point.stack)).containsExactly(-1);
    assertThat(point.references).as("the String only").isEqualTo(1);
  }

  @Test
  void aLiveVariableWithoutATypeCannotBeReadAndIsNotSaved() throws Exception {
    assertThat(point("call:\ninvokestatic T.f ()V", 0).locals).noneMatch(s -> s.local() > 7);
  }

  @Test
  void theSmallestShapeWithRoomIsChosen() {
    assertThat(FrameShape.forCounts(0, 0)).isEqualTo(FrameShape.EMPTY);
    assertThat(FrameShape.forCounts(1, 0)).isEqualTo(FrameShape.R2);
    assertThat(FrameShape.forCounts(2, 0)).isEqualTo(FrameShape.R2);
    assertThat(FrameShape.forCounts(1, 1)).isEqualTo(FrameShape.I1R1);
    assertThat(FrameShape.forCounts(0, 2)).isEqualTo(FrameShape.I2);
    assertThat(FrameShape.forCounts(2, 1)).isEqualTo(FrameShape.I2R4);
    assertThat(FrameShape.forCounts(5, 0)).isEqualTo(FrameShape.I4R8);
    assertThat(FrameShape.forCounts(0, 4)).isEqualTo(FrameShape.I4R8);
    assertThat(FrameShape.forCounts(9, 0)).isEqualTo(FrameShape.ANY);
    assertThat(FrameShape.forCounts(0, 5)).isEqualTo(FrameShape.ANY);
    assertThat(FrameShape.forCounts(500, 500)).isEqualTo(FrameShape.ANY);
  }
}
