package io.treadle.instrumenter.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.ClassSource;
import io.treadle.instrumenter.Diagnosed;
import io.treadle.instrumenter.Diagnostic;
import io.treadle.instrumenter.Program;
import io.treadle.instrumenter.Weaver;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;

/** A class and the jars that it calls, woven or not. */
class LinkageTest {
  private static final Program LIBRARY =
      Program.of(
          """
          package lib;
          public interface Store {
            @io.treadle.Async String find(int key);
            @io.treadle.Async static void close() {}
          }
          """);
  private static final Program CALLER =
      Program.of(
          """
          package p;
          class Store { @io.treadle.Async String find(int key) { return null; } }
          """,
          """
          package p;
          class A {
            @io.treadle.Async String f(lib.Store store) {
              lib.Store.close();
              return store.find(1);
            }
            lib.Store lambda() {
              return key -> "";
            }
          }
          """,
          """
          package lib;
          public interface Store {
            @io.treadle.Async String find(int key);
            @io.treadle.Async static void close() {}
          }
          """);

  /** What is said of the caller when the library is this jar. */
  private static List<String> diagnostics(Map<String, byte[]> jar) {
    ClassSource classPath =
        name ->
            name.startsWith("lib/")
                ? jar.containsKey(name)
                    ? new ClassSource.ClassFile(jar.get(name), "lib.jar", false)
                    : null
                : CALLER.find(name);
    return Weaver.of(classPath).weave(CALLER.bytes("p/A")).diagnostics().stream()
        .map(Diagnostic::toString)
        .toList();
  }

  @Test
  void aWovenLibraryIsFine() {
    assertThat(diagnostics(LIBRARY.woven().classes())).isEmpty();
  }

  @Test
  void anUnwovenLibraryIsNamedWhereItIsUsed() {
    assertThat(diagnostics(LIBRARY.classes()))
        .satisfiesExactly(
            d ->
                assertThat(d)
                    .startsWith("p/A.java:4: error: Store.close() is @Async, but")
                    .contains("not woven in lib.jar", "treadle-maven-plugin"),
            d -> assertThat(d).startsWith("p/A.java:5: error: Store.find(int) is @Async, but"),
            d -> assertThat(d).startsWith("p/A.java:8: error: Store.find(int) is @Async, but"));
  }

  @Test
  void aLibraryWovenForANewerLinkageIsNamed() {
    ClassNode node = new ClassNode();
    new ClassReader(LIBRARY.woven().bytes("lib/Store")).accept(node, 0);
    node.invisibleAnnotations.stream()
        .filter(a -> a.desc.endsWith("/Woven;"))
        .forEach(a -> a.values.set(1, 99));
    ClassWriter writer = new ClassWriter(0);
    node.accept(writer);
    assertThat(diagnostics(Map.of("lib/Store", writer.toByteArray())))
        .hasSize(3)
        .allSatisfy(
            d -> assertThat(d).contains("woven for linkage 99 in lib.jar", "a newer Treadle"));
  }

  @Test
  void aLibraryWovenBeforeTheMethodBecameAsyncIsNamed() {
    ClassNode node = new ClassNode();
    new ClassReader(LIBRARY.woven().bytes("lib/Store")).accept(node, 0);
    node.methods.removeIf(m -> m.desc.contains("Coroutine"));
    ClassWriter writer = new ClassWriter(0);
    node.accept(writer);
    assertThat(diagnostics(Map.of("lib/Store", writer.toByteArray())))
        .hasSize(3)
        .allSatisfy(d -> assertThat(d).contains("lib.jar was woven when it was not"));
  }

  @Test
  void anAbsentLibraryIsNoConcernOfOurs() {
    assertThat(diagnostics(Map.of())).isEmpty();
  }

  @Test
  void theCallsOfAWovenClassAreCheckedAgain() {
    byte[] woven = CALLER.woven().bytes("p/A");
    ClassSource classPath =
        name ->
            name.startsWith("lib/")
                ? new ClassSource.ClassFile(LIBRARY.bytes(name), "lib.jar", false)
                : CALLER.find(name);
    assertThat(Weaver.of(classPath).weave(woven).diagnostics())
        .extracting(Diagnostic::toString)
        .anySatisfy(d -> assertThat(d).startsWith("p/A.java:5: error: Store.find(int) is @Async"));
  }

  @Test
  void aClassFileThatIsTooNewIsNamedIfItMatters() {
    byte[] async = Diagnosed.compile("class A { @Async void f() {} }").bytes("p/A");
    async[7] = (byte) 200;
    assertThat(Weaver.of(name -> null).weave(async).diagnostics())
        .singleElement()
        .asString()
        .startsWith("p/A.class: error: ")
        .contains("version 200", "use a newer Treadle");
    byte[] plain = Diagnosed.compile("class A { void f() {} }").bytes("p/A");
    plain[7] = (byte) 200;
    assertThat(Weaver.of(name -> null).weave(plain).diagnostics()).isEmpty();
  }

  @Test
  void aDependencyThatIsTooNewCanStillBeCalled() {
    byte[] newer = LIBRARY.woven().bytes("lib/Store").clone();
    newer[7] = (byte) 200;
    assertThat(diagnostics(Map.of("lib/Store", newer))).isEmpty();
  }

  @Test
  void aMethodThatBecameAsyncAfterItsCallerWasWovenIsNamed() {
    byte[] caller =
        Program.of(
                "package lib; public class Clock { public static int now() { return 1; } }",
                """
                package p;
                class Caller {
                  @io.treadle.Async int f() {
                    return lib.Clock.now();
                  }
                }
                """)
            .woven()
            .bytes("p/Caller");
    Program library =
        Program.of(
            """
            package lib;
            public class Clock { @io.treadle.Async public static int now() { return 1; } }
            """);
    assertThat(Weaver.of(library.woven()::find).weave(caller).diagnostics())
        .singleElement()
        .asString()
        .startsWith("p/Caller.java:4: error: Clock.now() is @Async, and was not when")
        .contains("compile this class again");
  }
}
