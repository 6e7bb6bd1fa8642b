package io.treadle.instrumenter.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Program;
import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.hierarchy.Names;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

class SubInterfaceTest {
  private static SubInterface of(String caller, List<String> bridges, StubPolicy stubs) {
    return SubInterface.of(caller, "q/F", "apply", "(I)Ljava/lang/String;", bridges, stubs);
  }

  private static byte[] bytes(SubInterface made) {
    return made.content().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void itIsInThePackageOfTheCaller() {
    SubInterface made = of("p/A", List.of(), StubPolicy.REFUSE);
    assertThat(made.name()).startsWith("p/F$Woven$");
    assertThat(new ClassReader(bytes(made)).getClassName()).isEqualTo(made.name());
    assertThat(of("A", List.of(), StubPolicy.REFUSE).name()).startsWith("F$Woven$");
  }

  @Test
  void allLambdasOfAPackageShareIt() {
    assertThat(of("p/A", List.of(), StubPolicy.REFUSE))
        .isEqualTo(of("p/B", List.of(), StubPolicy.REFUSE));
  }

  @Test
  void whatDiffersHasAnotherName() {
    List<String> bridge = List.of("(I)Ljava/lang/Object;");
    assertThat(
            List.of(
                of("p/A", List.of(), StubPolicy.REFUSE).name(),
                of("p/A", bridge, StubPolicy.REFUSE).name(),
                of("p/A", List.of(), StubPolicy.DRIVE).name()))
        .doesNotHaveDuplicates();
  }

  @Test
  void itsOneAbstractMethodIsTheTwin() throws Exception {
    for (StubPolicy stubs : StubPolicy.values()) {
      SubInterface made = of("p/A", List.of(), stubs);
      Map<String, byte[]> classes =
          new TreeMap<>(
              Program.of("package q; public interface F { String apply(int i); }").classes());
      classes.put(made.name(), bytes(made));
      Class<?> loaded = Program.ofClasses(classes).load().loadClass(made.name().replace('/', '.'));
      assertThat(loaded.isInterface()).isTrue();
      assertThat(Arrays.stream(loaded.getMethods()).filter(m -> !m.isDefault()))
          .singleElement()
          .satisfies(
              m -> {
                assertThat(m.getName()).isEqualTo("apply");
                assertThat(m.getParameterCount()).isEqualTo(2);
              });
      Method plain = loaded.getMethod("apply", int.class);
      assertThat(plain.getDeclaringClass()).isEqualTo(loaded);
      assertThat(Modifier.isAbstract(plain.getModifiers())).isFalse();
    }
  }

  @Test
  void bridgesAnswerToo() {
    ClassNode node = new ClassNode();
    new ClassReader(bytes(of("p/A", List.of("(I)Ljava/lang/Object;"), StubPolicy.REFUSE)))
        .accept(node, 0);
    assertThat(node.methods)
        .extracting(m -> m.desc)
        .containsExactlyInAnyOrder(
            "(I)Ljava/lang/String;",
            "(I)Ljava/lang/Object;",
            Names.twin("(I)Ljava/lang/String;"),
            Names.twin("(I)Ljava/lang/Object;"));
  }

  @Test
  void itSaysWhichLinkageItWasWovenFor() {
    ClassNode node = new ClassNode();
    new ClassReader(bytes(of("p/A", List.of(), StubPolicy.REFUSE))).accept(node, 0);
    assertThat(node.invisibleAnnotations)
        .singleElement()
        .satisfies(a -> assertThat(a.desc).isEqualTo(Names.WOVEN));
  }
}
