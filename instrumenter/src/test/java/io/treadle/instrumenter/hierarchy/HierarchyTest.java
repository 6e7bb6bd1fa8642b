package io.treadle.instrumenter.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.AsyncMethods;
import io.treadle.instrumenter.ClassSource;
import io.treadle.instrumenter.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HierarchyTest {
  private static final Program PROGRAM =
      Program.of(
          """
          package p;
          public class Types {
            interface Top { default void m() {} void n(); }
            interface Left extends Top { default void m() {} }
            interface Right extends Top {}
            static abstract class Both implements Right, Left { public void n() {} }
            static class Sub extends Both { static void s() {} private void hidden() {} }
            static class SubSub extends Sub { void hidden() {} }
            static class Generic<T> { T get(T t) { return t; } void packagePrivate() {} }
            static class Strings extends Generic<String> {
              @Override String get(String s) { return s; }
            }
          }
          """,
          """
          package q;
          public class Other {
            public static class Far extends Near {}
            static class Near {}
            interface Hidden {}
          }
          """,
          """
          package q;
          public class Strings2 {
            public static class Public {
              void packagePrivate() {}
              protected void open() {}
              static void fixed() {}
              private void own() {}
            }
          }
          """,
          """
          package r;
          public class Sub extends q.Strings2.Public {
            void packagePrivate() {}
            protected void open() {}
            static void ours() {}
            void own() {}
          }
          """,
          """
          package q;
          class SamePackage extends Strings2.Public {
            void packagePrivate() {}
          }
          """);
  private static final Hierarchy HIERARCHY = new Hierarchy(PROGRAM, AsyncMethods.ANNOTATED);

  private static @Nullable String owner(@Nullable MethodHeader method) {
    return method == null ? null : method.owner();
  }

  private static List<String> overridden(String owner, String name, String descriptor) {
    MethodHeader method =
        Objects.requireNonNull(
            Objects.requireNonNull(HIERARCHY.header(owner)).method(name, descriptor));
    return HIERARCHY.overridden(method).stream().map(MethodHeader::owner).toList();
  }

  @Test
  void aMethodIsResolvedInTheClassThenItsSuperclassesThenItsInterfaces() {
    assertThat(owner(HIERARCHY.resolve("p/Types$SubSub", "hidden", "()V")))
        .isEqualTo("p/Types$SubSub");
    assertThat(owner(HIERARCHY.resolve("p/Types$SubSub", "s", "()V"))).isEqualTo("p/Types$Sub");
    assertThat(owner(HIERARCHY.resolve("p/Types$SubSub", "n", "()V"))).isEqualTo("p/Types$Both");
    assertThat(owner(HIERARCHY.resolve("p/Types$SubSub", "toString", "()Ljava/lang/String;")))
        .isEqualTo("java/lang/Object");
    assertThat(HIERARCHY.resolve("p/Types$SubSub", "m", "(I)V")).isNull();
    assertThat(HIERARCHY.resolve("[I", "clone", "()Ljava/lang/Object;")).isNull();
  }

  @Test
  void ofInterfaceMethodsTheMostSpecificIsResolved() {
    assertThat(owner(HIERARCHY.resolve("p/Types$SubSub", "m", "()V"))).isEqualTo("p/Types$Left");
    assertThat(owner(HIERARCHY.resolve("p/Types$Right", "m", "()V"))).isEqualTo("p/Types$Top");
  }

  @Test
  void anAbsentClassEndsASearchQuietly() {
    assertThat(HIERARCHY.header("absent/A")).isNull();
    assertThat(HIERARCHY.resolve("absent/A", "m", "()V")).isNull();
    assertThat(HIERARCHY.isSubtype("absent/A", "absent/B")).isFalse();
    assertThat(HIERARCHY.superinterfaces("absent/A")).isEmpty();
  }

  @Test
  void overridingCrossesAbstractClassesAndInterfaces() {
    assertThat(overridden("p/Types$Left", "m", "()V")).containsExactly("p/Types$Top");
    assertThat(overridden("p/Types$Both", "n", "()V")).containsExactly("p/Types$Top");
  }

  @Test
  void aPackagePrivateMethodIsOverriddenInItsPackageOnly() {
    assertThat(overridden("r/Sub", "packagePrivate", "()V")).isEmpty();
    assertThat(overridden("q/SamePackage", "packagePrivate", "()V"))
        .containsExactly("q/Strings2$Public");
    assertThat(overridden("r/Sub", "open", "()V")).containsExactly("q/Strings2$Public");
  }

  @Test
  void privateAndStaticMethodsOverrideNothingAndAreNotOverridden() {
    assertThat(overridden("r/Sub", "own", "()V")).isEmpty();
    assertThat(overridden("r/Sub", "ours", "()V")).isEmpty();
    assertThat(overridden("p/Types$SubSub", "hidden", "()V")).isEmpty();
    assertThat(overridden("r/Sub", "<init>", "()V")).isEmpty();
  }

  @Test
  void subtypesAreFoundThroughClassesAndInterfaces() {
    assertThat(HIERARCHY.isSubtype("p/Types$SubSub", "p/Types$Top")).isTrue();
    assertThat(HIERARCHY.isSubtype("p/Types$SubSub", "p/Types$Sub")).isTrue();
    assertThat(HIERARCHY.isSubtype("p/Types$Top", "java/lang/Object")).isTrue();
    assertThat(HIERARCHY.isSubtype("p/Types$Top", "p/Types$Left")).isFalse();
    assertThat(
            HIERARCHY.isSubtype(
                "java/util/concurrent/CompletableFuture", "java/util/concurrent/Future"))
        .isTrue();
  }

  @Test
  void theCommonSuperclassIsTheNearest() {
    assertThat(HIERARCHY.commonSuperclass("p/Types$SubSub", "p/Types$Sub"))
        .isEqualTo("p/Types$Sub");
    assertThat(HIERARCHY.commonSuperclass("java/lang/Integer", "java/lang/Float"))
        .isEqualTo("java/lang/Number");
    assertThat(HIERARCHY.commonSuperclass("java/lang/Integer", "p/Types$Sub"))
        .isEqualTo("java/lang/Object");
    assertThat(HIERARCHY.commonSuperclass("p/Types$Left", "p/Types$Right"))
        .isEqualTo("java/lang/Object");
  }

  @Test
  void whatCannotBeNamedIsReplacedByASuperclassThatCan() {
    assertThat(HIERARCHY.accessible("q/Other$Near", "p/A")).isEqualTo("java/lang/Object");
    assertThat(HIERARCHY.accessible("q/Other$Near", "q/A")).isEqualTo("q/Other$Near");
    assertThat(HIERARCHY.accessible("q/Other$Far", "p/A")).isEqualTo("q/Other$Far");
    assertThat(HIERARCHY.accessible("q/Other$Hidden", "p/A")).isEqualTo("java/lang/Object");
    assertThat(HIERARCHY.accessible("[[Lq/Other$Near;", "p/A")).isEqualTo("[[Ljava/lang/Object;");
    assertThat(HIERARCHY.accessible("[J", "p/A")).isEqualTo("[J");
    assertThat(HIERARCHY.accessible("java/lang/AbstractStringBuilder", "p/A"))
        .isEqualTo("java/lang/Object");
  }

  @Test
  void anAbsentClassIsTakenToBeAccessible() {
    assertThat(HIERARCHY.accessible("absent/A", "p/A")).isEqualTo("absent/A");
    assertThat(HIERARCHY.accessible("[Labsent/A;", "p/A")).isEqualTo("[Labsent/A;");
  }

  @Test
  void theSourceIsAskedOnceForAClass() {
    List<String> asked = new ArrayList<>();
    ClassSource counting =
        name -> {
          asked.add(name);
          return PROGRAM.find(name);
        };
    Hierarchy hierarchy = new Hierarchy(counting, AsyncMethods.ANNOTATED);
    for (int i = 0; i < 3; i++) {
      hierarchy.isSubtype("p/Types$SubSub", "p/Types$Top");
      hierarchy.header("absent/A");
    }
    assertThat(asked).doesNotHaveDuplicates();
  }

  @Test
  void theClassThatIsWovenCountsAsItIsGiven() {
    Program edited =
        Program.of("package p; public class Types { static class Sub { void fresh() {} } }");
    Hierarchy hierarchy =
        HIERARCHY.with(ClassHeader.read(edited.bytes("p/Types$Sub"), AsyncMethods.ANNOTATED));
    assertThat(hierarchy.resolve("p/Types$SubSub", "fresh", "()V")).isNotNull();
    assertThat(HIERARCHY.resolve("p/Types$SubSub", "fresh", "()V")).isNull();
    assertThat(hierarchy.header("p/Types$Both")).isNotNull();
  }

  @Test
  void aClassIsWovenIfItsSourceSaysSoOrItBearsTheMark() {
    byte[] plain = Program.of("package p; class A { @io.treadle.Async void f() {} }").bytes("p/A");
    byte[] woven = Program.ofClasses(Map.of("p/A", plain)).woven().bytes("p/A");
    assertThat(isWoven(plain, false)).isFalse();
    assertThat(isWoven(plain, true)).isTrue();
    assertThat(isWoven(woven, false)).isTrue();
  }

  private static boolean isWoven(byte[] bytes, boolean said) {
    ClassSource source = name -> new ClassSource.ClassFile(bytes, "here", said);
    return Objects.requireNonNull(new Hierarchy(source, AsyncMethods.ANNOTATED).entry("p/A"))
        .woven();
  }
}
