package io.treadle.instrumenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.instrumenter.ClassSource.ClassFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathTest {
  @TempDir Path folder;

  private static ClassFile found(ClassSource source, String name) {
    return Objects.requireNonNull(source.find(name), name);
  }

  /** A folder with {@code p.A}, told apart by the constant. */
  private Path classA(String name, int constant) throws IOException {
    return JavaFiles.compile(
        folder.resolve(name), "package p; public class A { int i = " + constant + "; }");
  }

  @Test
  void findsClassesInFoldersAndJarsAndSaysWhere() throws Exception {
    Path classes = classA("classes", 1);
    Path jar =
        JavaFiles.jar(
            folder.resolve("b.jar"),
            JavaFiles.compile(folder.resolve("b"), "package q; public class B {}"),
            Map.of());
    try (ClassPath path = ClassPath.of(List.of(classes, jar))) {
      ClassFile a = found(path, "p/A");
      assertThat(a.bytes()).isEqualTo(Files.readAllBytes(classes.resolve("p/A.class")));
      assertThat(a.origin()).isEqualTo(classes.toString());
      assertThat(a.woven()).isFalse();
      assertThat(found(path, "q/B").origin()).isEqualTo(jar.toString());
      assertThat(path.find("q/Missing")).isNull();
      assertThat(path.find("B")).isNull();
    }
  }

  @Test
  void theFirstEntryWins() throws Exception {
    Path first = classA("first", 1);
    Path second = classA("second", 2);
    try (ClassPath path = ClassPath.of(List.of(first, second))) {
      assertThat(found(path, "p/A").origin()).isEqualTo(first.toString());
    }
    try (ClassPath path = ClassPath.of(List.of(second, first))) {
      assertThat(found(path, "p/A").origin()).isEqualTo(second.toString());
    }
  }

  @Test
  void classesThatAreBeingWovenCountAsWoven() throws Exception {
    try (ClassPath path = ClassPath.beingWoven(List.of(classA("classes", 1)))) {
      assertThat(found(path, "p/A").woven()).isTrue();
    }
  }

  @Test
  void whatIsAbsentOrNoArchiveIsPassedOver() throws Exception {
    Path pom = Files.writeString(folder.resolve("some.pom"), "<project/>");
    Path classes = classA("classes", 1);
    try (ClassPath path = ClassPath.of(List.of(folder.resolve("absent.jar"), pom, classes))) {
      assertThat(path.find("p/A")).isNotNull();
    }
  }

  @Test
  void aBrokenJarIsNamed() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.jar"), "no zip");
    assertThatThrownBy(() -> ClassPath.of(List.of(broken)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("broken.jar");
  }

  @Test
  void aNameInAnotherCaseIsAnotherClass() throws Exception {
    Path classes = classA("classes", 1);
    // What a file system that ignores case would answer.
    Files.copy(classes.resolve("p/A.class"), classes.resolve("p/a.class"));
    try (ClassPath path = ClassPath.of(List.of(classes))) {
      assertThat(path.find("p/a")).isNull();
      assertThat(path.find("p/A")).isNotNull();
    }
  }

  /**
   * The base and the release 17 have {@code p.A}, a release to come too; the release 17 adds {@code
   * p.Only17}.
   */
  private Path multiRelease(String flag) throws IOException {
    Path classes = classA("base", 1);
    String a = "package p; public class A { int i = ";
    JavaFiles.compile(
        classes.resolve("META-INF/versions/17"), a + "17; }", "package p; class Only17 {}");
    JavaFiles.compile(classes.resolve("META-INF/versions/999"), a + "999; }");
    return JavaFiles.jar(folder.resolve("mr.jar"), classes, Map.of("Multi-Release", flag));
  }

  private byte[] release(String release) throws IOException {
    return Files.readAllBytes(folder.resolve("base").resolve(release + "p/A.class"));
  }

  @Test
  void aMultiReleaseJarAnswersForTheRunningJvm() throws Exception {
    try (ClassPath path = ClassPath.of(List.of(multiRelease("true")))) {
      assertThat(found(path, "p/A").bytes()).isEqualTo(release("META-INF/versions/17/"));
      assertThat(path.find("p/Only17")).isNotNull();
    }
  }

  @Test
  void aMultiReleaseJarAnswersForAGivenRelease() throws Exception {
    List<Path> jar = List.of(multiRelease("true"));
    try (ClassPath path = ClassPath.beingWoven(jar, ClassPath.BASE_RELEASE)) {
      assertThat(found(path, "p/A").bytes()).isEqualTo(release(""));
      assertThat(path.find("p/Only17")).isNull();
    }
    try (ClassPath path = ClassPath.beingWoven(jar, 999)) {
      assertThat(found(path, "p/A").bytes()).isEqualTo(release("META-INF/versions/999/"));
      assertThat(path.find("p/Only17")).isNotNull();
    }
  }

  @Test
  void versionsCountOnlyInAMultiReleaseJar() throws Exception {
    try (ClassPath path = ClassPath.of(List.of(multiRelease("false")))) {
      assertThat(found(path, "p/A").bytes()).isEqualTo(release(""));
    }
  }

  @Test
  void versionsInAFolderCountWhileTheJarIsNotMade() throws Exception {
    multiRelease("true");
    List<Path> base = List.of(folder.resolve("base"));
    try (ClassPath path = ClassPath.of(base)) {
      assertThat(found(path, "p/A").bytes()).isEqualTo(release(""));
    }
    try (ClassPath path = ClassPath.beingWoven(base, 17)) {
      assertThat(found(path, "p/A").bytes()).isEqualTo(release("META-INF/versions/17/"));
      assertThat(path.find("p/Only17")).isNotNull();
    }
  }

  @Test
  void followsTheClassPathOfAManifest() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path libraries = Files.createDirectories(folder.resolve("with space"));
    JavaFiles.jar(
        libraries.resolve("a.jar"), classA("classes", 1), Map.of("Class-Path", "../m.jar"));
    Path jar =
        JavaFiles.jar(
            folder.resolve("m.jar"),
            empty,
            Map.of("Class-Path", "with%20space/a.jar absent.jar http://example.org/b.jar"));
    try (ClassPath path = ClassPath.of(List.of(jar))) {
      assertThat(found(path, "p/A").origin()).endsWith("a.jar");
    }
  }

  @Test
  void closingClosesTheJars() throws Exception {
    Path jar = JavaFiles.jar(folder.resolve("a.jar"), classA("classes", 1), Map.of());
    ClassPath path = ClassPath.of(List.of(jar));
    path.close();
    assertThatThrownBy(() -> path.find("p/A")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theJdkHasTheClassesOfAllItsModules() {
    ClassSource jdk = ClassPath.jdk();
    assertThat(found(jdk, "java/lang/String").bytes()).startsWith(0xCA, 0xFE, 0xBA, 0xBE);
    assertThat(found(jdk, "java/lang/String").woven()).isFalse();
    assertThat(jdk.find("java/util/logging/Logger")).isNotNull();
    assertThat(jdk.find("com/sun/tools/javac/Main")).isNotNull();
    assertThat(jdk.find("java/lang/NoSuchClass")).isNull();
    assertThat(jdk.find("no/such/Package")).isNull();
    assertThat(jdk.find("NoPackage")).isNull();
  }

  @Test
  void sourcesAreAskedInTurn() throws Exception {
    try (ClassPath path = ClassPath.of(List.of(classA("classes", 1)))) {
      ClassSource both = path.or(ClassPath.jdk());
      assertThat(both.find("p/A")).isNotNull();
      assertThat(found(both, "java/lang/Object").origin()).isEqualTo("the JDK");
    }
  }
}
