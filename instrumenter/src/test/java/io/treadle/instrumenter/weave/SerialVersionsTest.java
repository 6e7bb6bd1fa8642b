package io.treadle.instrumenter.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Program;
import java.io.ObjectStreamClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;

/** The default serial version stays the one that the JVM computes for the unwoven class. */
class SerialVersionsTest {
  private static long ofJvm(Program program, String name) throws Exception {
    Class<?> loaded = program.load().loadClass(name.replace('/', '.'));
    return ObjectStreamClass.lookup(loaded).getSerialVersionUID();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int i; private long l; transient String t; static final int S = 1;",
        "static { System.out.println(); }",
        "static final Object O = new Object();",
        "private void f() {} protected int g(String s) { return 1; } public static long h() {"
            + " return 1; }",
        "private A(int i) {} public A() {} A(String s) {}",
        "public int compareTo(A a) { return 0; }",
        "Runnable r = () -> {}; class B {} static class C {}",
      })
  void itIsComputedAsTheJvmDoes(String members) throws Exception {
    String source =
        "package p; public abstract class A implements java.io.Serializable, Cloneable { "
            + members
            + " @io.treadle.Async public void async() {} }";
    Program program = Program.of(source);
    assertThat(SerialVersions.defaultOf(new ClassReader(program.bytes("p/A"))))
        .isEqualTo(ofJvm(program, "p/A"));
    assertThat(ofJvm(program.woven(), "p/A")).isEqualTo(ofJvm(program, "p/A"));
  }

  @Test
  void aNestedClassHasTheFlagsOfItsDeclaration() throws Exception {
    Program program =
        Program.of(
            """
            package p;
            class Outer {
              private static class A implements java.io.Serializable {
                @io.treadle.Async void f() {}
              }
              protected class B implements java.io.Serializable {
                @io.treadle.Async void f() {}
              }
            }
            """);
    for (String name : new String[] {"p/Outer$A", "p/Outer$B"}) {
      assertThat(ofJvm(program.woven(), name)).isEqualTo(ofJvm(program, name));
    }
  }

  @Test
  void aNestedInterfaceIsComputedToo() throws Exception {
    Program program =
        Program.of(
            """
            package p;
            interface I extends java.io.Serializable {
              @io.treadle.Async void f();
              interface J extends I { int g(); @io.treadle.Async default void h() {} }
            }
            """);
    for (String name : new String[] {"p/I", "p/I$J"}) {
      assertThat(ofJvm(program.woven(), name)).isEqualTo(ofJvm(program, name));
    }
  }

  @Test
  void aDeclaredVersionIsLeftAlone() throws Exception {
    Program program =
        Program.of(
            """
            package p;
            class A implements java.io.Serializable {
              private static final long serialVersionUID = 42;
              @io.treadle.Async void f() {}
            }
            """);
    assertThat(ofJvm(program.woven(), "p/A")).isEqualTo(42);
  }

  @Test
  void enumsRecordsAndClassesThatAreNotSerializableNeedNone() {
    Program program =
        Program.of(
            """
            package p;
            class A {
              @io.treadle.Async void f() {}
              enum E { X; @io.treadle.Async void f() {} }
              record R(int i) implements java.io.Serializable { @io.treadle.Async void f() {} }
            }
            """);
    for (byte[] bytes : program.woven().classes().values()) {
      org.objectweb.asm.tree.ClassNode node = new org.objectweb.asm.tree.ClassNode();
      new ClassReader(bytes).accept(node, 0);
      assertThat(node.fields).as(node.name).noneMatch(f -> f.name.equals("serialVersionUID"));
    }
  }
}
