package io.treadle.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

class ConstantPoolTest {
  @TempDir Path folder;

  @Test
  void knowsNameAndSupertypes() {
    Compiled.to(
        folder, "package p; public abstract class A extends Thread implements Cloneable {}");
    ConstantPool pool = ConstantPool.of(Compiled.bytes(folder, "p/A"));
    assertThat(pool.name()).isEqualTo("p/A");
    assertThat(pool.superName()).isEqualTo("java/lang/Thread");
    assertThat(pool.supertypes()).containsExactly("java/lang/Thread", "java/lang/Cloneable");
  }

  @Test
  void namesOwnersOfMethodsAndInterfacesOfLambdas() {
    Compiled.to(
        folder,
        """
        public class A {
          Runnable r = this::hashCode;
          java.util.function.Supplier<String> s = String::new;
          int unused(Integer parameter) { return field.length; }
          byte[] field;
          String text = "Ljava/util/List;";
          void call(StringBuilder b, CharSequence c, int[] a) { b.append(1L); c.length(); a.clone(); }
          double d = 1e300;
        }
        """);
    assertThat(referenced(Compiled.bytes(folder, "A")))
        .contains(
            "java/lang/Runnable",
            "java/util/function/Supplier",
            "java/lang/StringBuilder",
            "java/lang/CharSequence",
            "java/lang/Object")
        .doesNotContain("java/util/List", "java/lang/Integer");
  }

  @Test
  void readsNamesThatAreNotAscii() {
    String name = "Gr\u00F6\u00DFe\uD835\uDC00";
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_ABSTRACT, name, null, "java/lang/Object", null);
    assertThat(ConstantPool.of(writer.toByteArray()).name()).isEqualTo(name);
  }

  @Test
  void findsTextConstantsOnlyAsAWhole() {
    Compiled.to(folder, "public class A { @io.treadle.Async void f() {} }");
    ConstantPool pool = ConstantPool.of(Compiled.bytes(folder, "A"));
    assertThat(pool.contains("Lio/treadle/Async;".getBytes(StandardCharsets.US_ASCII))).isTrue();
    assertThat(pool.contains("Lio/treadle/Async".getBytes(StandardCharsets.US_ASCII))).isFalse();
  }

  @Test
  void readsOnlyTheStartOfAStream() throws IOException {
    String statements =
        IntStream.range(0, 3000).mapToObj(i -> "n++; ").collect(Collectors.joining());
    Compiled.to(folder, "public class A { static int n; void f() { " + statements + "} }");
    byte[] bytes = Compiled.bytes(folder, "A");
    ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
    ConstantPool pool = ConstantPool.read(stream);
    assertThat(pool.name()).isEqualTo("A");
    assertThat(bytes).hasSizeGreaterThan(15_000);
    assertThat(stream.available()).isGreaterThan(10_000);
  }

  @Test
  void growsForManyConstants() throws IOException {
    String fields =
        IntStream.range(0, 3000)
            .mapToObj(i -> "String field" + i + " = \"value" + i + "\"; ")
            .collect(Collectors.joining());
    Compiled.to(folder, "public class A extends Error { " + fields + "}");
    byte[] bytes = Compiled.bytes(folder, "A");
    ConstantPool pool = ConstantPool.read(new ByteArrayInputStream(bytes));
    assertThat(pool.supertypes()).containsExactly("java/lang/Error");
    assertThat(pool.contains("value2999".getBytes(StandardCharsets.US_ASCII))).isTrue();
  }

  @Test
  void refusesWhatIsNoClassFile() {
    Compiled.to(folder, "public class A {}");
    byte[] bytes = Compiled.bytes(folder, "A");
    assertThatThrownBy(() -> ConstantPool.of(new byte[100]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ConstantPool.of(Arrays.copyOf(bytes, 40)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ConstantPool.read(new ByteArrayInputStream(bytes, 0, 40)))
        .isInstanceOf(IOException.class);
  }

  private static Set<String> referenced(byte[] classFile) {
    Set<String> names = new HashSet<>();
    ConstantPool.of(classFile).referenced(names::add);
    return names;
  }
}
