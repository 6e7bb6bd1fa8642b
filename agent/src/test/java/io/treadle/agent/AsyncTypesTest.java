package io.treadle.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsyncTypesTest {
  @TempDir Path folder;
  private final List<String> opened = new ArrayList<>();
  private AsyncTypes types;

  @BeforeEach
  void compile() {
    Compiled.to(
        folder,
        "public interface Async { @io.treadle.Async int get(); }",
        "public class Plain { void f() {} }",
        "public class Sub extends Plain implements Async { public int get() { return 0; } }",
        "public class SubSub extends Sub {}",
        "public class PlainSub extends Plain {}",
        "public class Caller { int f(SubSub s) { return s.get(); } }",
        "public class Lambda { Async a() { return () -> 1; } }",
        "public class Unconcerned { int f(Plain p) { p.f(); return new PlainSub().hashCode(); } }",
        "public class Declares { @io.treadle.Async void f() {} }");
    types = new AsyncTypes(this::open);
  }

  private InputStream open(String name) {
    opened.add(name);
    return Files.exists(folder.resolve(name + ".class"))
        ? new ByteArrayInputStream(Compiled.bytes(folder, name))
        : null;
  }

  @Test
  void knowsDeclaredMethods() {
    assertThat(types.contains("Async")).isTrue();
    assertThat(types.contains("Plain")).isFalse();
  }

  @Test
  void knowsInheritedMethods() {
    assertThat(types.contains("SubSub")).isTrue();
    assertThat(types.contains("PlainSub")).isFalse();
  }

  @Test
  void takesATypeWithoutAClassFileForPlain() {
    assertThat(types.contains("Nowhere")).isFalse();
  }

  @Test
  void readsEachClassFileOnce() {
    for (int i = 0; i < 3; i++) {
      types.contains("PlainSub");
      types.contains("Plain");
      types.contains("Nowhere");
      types.contains("Declares");
    }
    assertThat(opened).containsExactly("PlainSub", "Plain", "Nowhere", "Declares");
  }

  @Test
  void neverReadsTheJdkNorArrays() {
    assertThat(types.contains("java/lang/String")).isFalse();
    assertThat(types.contains("javax/xml/parsers/SAXParser")).isFalse();
    assertThat(types.contains("sun/misc/Unsafe")).isFalse();
    assertThat(types.contains("[LDeclares;")).isFalse();
    assertThat(opened).isEmpty();
  }

  @Test
  void reportsWhatTheWeaverHasToSee() {
    assertThat(concern("Declares")).as("async methods").isTrue();
    assertThat(concern("Sub")).as("overrides").isTrue();
    assertThat(concern("Caller")).as("calls").isTrue();
    assertThat(concern("Lambda")).as("lambdas").isTrue();
    assertThat(concern("Unconcerned")).isFalse();
  }

  @Test
  void comesToAnEndWhenAClassExtendsItself() {
    byte[] subOfPlain = Compiled.bytes(folder, "PlainSub");
    AsyncTypes circular = new AsyncTypes(name -> new ByteArrayInputStream(subOfPlain));
    assertThat(circular.contains("Plain")).isFalse();
  }

  private boolean concern(String name) {
    return types.concern(ConstantPool.of(Compiled.bytes(folder, name)));
  }
}
