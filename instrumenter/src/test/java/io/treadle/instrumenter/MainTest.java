package io.treadle.instrumenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private static final String ASYNC = "package io.treadle; public @interface Async {}";

  @TempDir Path folder;

  /** The annotation, as the runtime has it. */
  private Path runtime;

  private Path classes;
  private String out = "";
  private String err = "";

  @BeforeEach
  void compile() throws Exception {
    runtime = JavaFiles.compile(folder.resolve("runtime"), ASYNC);
    classes =
        JavaFiles.compile(
            folder.resolve("classes"),
            List.of(runtime),
            """
            package p;
            public class A {
              @io.treadle.Async public int f() { return g() + 1; }
              @io.treadle.Async int g() { return 1; }
            }
            """,
            "package p; public class Plain {}");
    Files.writeString(classes.resolve("p/a.properties"), "k=v");
  }

  /** Weaves with the runtime on the class path, where {@code -cp} is not among the arguments. */
  private int weave(Object... args) {
    String[] all = new String[args.length + 2];
    for (int i = 0; i < args.length; i++) {
      all[i] = args[i].toString();
    }
    all[args.length] = "-cp";
    all[args.length + 1] = runtime.toString();
    return run(all);
  }

  private int run(String... args) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    int status =
        Main.run(
            args,
            new PrintStream(outBytes, true, StandardCharsets.UTF_8),
            new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return status;
  }

  private static byte[] bytes(Path file) throws Exception {
    return Files.readAllBytes(file);
  }

  private static byte[] bytes(Path jar, String entry) throws Exception {
    try (ZipFile zip = new ZipFile(jar.toFile());
        var in = zip.getInputStream(zip.getEntry(entry))) {
      return in.readAllBytes();
    }
  }

  // ------------------------------------------------------------------ arguments

  @Test
  void helpTellsTheOptions() {
    assertThat(run("--help")).isZero();
    assertThat(out).contains("Usage: java -jar").contains("--unsign").contains("Exit status");
    assertThat(err).isEmpty();
    assertThat(run("-h")).isZero();
  }

  @Test
  void versionIsOneLine() {
    assertThat(run("--version")).isZero();
    assertThat(out).startsWith("Treadle ").hasLineCount(1);
  }

  @Test
  void wrongArgumentsAreNamed() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "text");
    assertMisuse("no classes to weave");
    assertMisuse("unknown option --frobnicate", "--frobnicate");
    assertMisuse("no such folder or jar: absent", "absent");
    assertMisuse("neither a folder nor a jar: " + text, text.toString());
    assertMisuse("-o needs a value", classes.toString(), "-o");
    assertMisuse("--class-path needs a value", classes.toString(), "--class-path");
    assertMisuse("--output is given twice", classes.toString(), "-o", "a", "--output", "b");
    assertMisuse("no such folder or jar: --help", "--", "--help");
  }

  private void assertMisuse(String message, String... args) {
    assertThat(run(args)).isEqualTo(2);
    assertThat(err).isEqualTo("error: " + message + "\nTry --help.\n");
    assertThat(out).isEmpty();
  }

  @Test
  void outputsThatCannotBeAreRefused() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "text");
    assertMisuse("not a folder: " + text, classes.toString(), "-o", text.toString());
    Path inside = classes.resolve("out");
    assertMisuse(
        "the output " + inside + " is inside the input " + classes,
        classes.toString(),
        "-o",
        inside.toString());
    Path same = JavaFiles.compile(folder.resolve("other/classes"), "class B {}");
    Path target = folder.resolve("out/classes");
    assertMisuse(
        classes + " and " + same + " would both be written to " + target,
        classes.toString(),
        same.toString(),
        "-o",
        folder.resolve("out").toString());
  }

  @Test
  void aBrokenJarOnTheClassPathIsNamed() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.jar"), "text");
    assertThat(run(classes.toString(), "-cp", broken.toString())).isEqualTo(2);
    assertThat(err).startsWith("error: cannot read " + broken);
  }

  // ------------------------------------------------------------------ folders

  @Test
  void weavesAFolderInPlace() throws Exception {
    byte[] before = bytes(classes.resolve("p/A.class"));
    byte[] plain = bytes(classes.resolve("p/Plain.class"));
    assertThat(weave(classes)).as(err).isZero();
    assertThat(out).isEqualTo("woven: 1 of 2 classes\n");
    byte[] woven = bytes(classes.resolve("p/A.class"));
    assertThat(woven).isNotEqualTo(before);
    assertThat(bytes(classes.resolve("p/Plain.class"))).isEqualTo(plain);

    assertThat(weave(classes)).isZero();
    assertThat(out).isEqualTo("woven: 0 of 2 classes\n");
    assertThat(bytes(classes.resolve("p/A.class"))).isEqualTo(woven);
  }

  @Test
  void weavesAFolderIntoAnother() throws Exception {
    byte[] before = bytes(classes.resolve("p/A.class"));
    Path target = folder.resolve("deep/out");
    assertThat(weave(classes, "-o", target)).as(err).isZero();
    assertThat(bytes(classes.resolve("p/A.class"))).isEqualTo(before);
    assertThat(bytes(target.resolve("p/A.class"))).isNotEqualTo(before);
    assertThat(target.resolve("p/a.properties")).hasContent("k=v");

    assertThat(weave(classes)).isZero();
    assertThat(bytes(target.resolve("p/A.class"))).isEqualTo(bytes(classes.resolve("p/A.class")));
  }

  @Test
  void classesThatAreWovenTogetherKnowEachOther() throws Exception {
    Path callers =
        JavaFiles.compile(
            folder.resolve("callers"),
            List.of(runtime, classes),
            "package q; class B { @io.treadle.Async int f(p.A a) { return a.f(); } }");
    Path target = folder.resolve("out");
    assertThat(weave(callers, classes, "-o", target)).as(err).isZero();
    assertThat(out).isEqualTo("woven: 2 of 3 classes\n");
    assertThat(target.resolve("callers/q/B.class")).exists();
    assertThat(target.resolve("classes/p/A.class")).exists();
  }

  @Test
  void everyErrorIsALineAndNothingIsWritten() throws Exception {
    Path wrong =
        JavaFiles.compile(
            folder.resolve("wrong"),
            List.of(runtime),
            """
            package p;
            class Wrong {
              @io.treadle.Async void f() {}
              void plain() {
                f();
                f();
              }
            }
            """,
            "package p; class Right { @io.treadle.Async void f() {} }");
    byte[] before = bytes(wrong.resolve("p/Right.class"));
    assertThat(weave(wrong)).isEqualTo(1);
    assertThat(err.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("p/Wrong.java:5: error: "),
            line -> assertThat(line).startsWith("p/Wrong.java:6: error: "),
            line -> assertThat(line).isEqualTo("2 errors; nothing was written"));
    assertThat(out).isEmpty();
    assertThat(bytes(wrong.resolve("p/Right.class"))).isEqualTo(before);
  }

  // ------------------------------------------------------------------ jars

  private Path jar(String name, Map<String, String> manifest) throws Exception {
    return JavaFiles.jar(folder.resolve(name), classes, manifest);
  }

  @Test
  void weavesAJarInPlaceAndIntoAnotherAndIntoAFolder() throws Exception {
    Path jar = jar("in.jar", Map.of());
    Path other = folder.resolve("deep/other.jar");
    Path libraries = Files.createDirectories(folder.resolve("lib"));
    byte[] before = bytes(jar);
    assertThat(weave(jar, "-o", other)).as(err).isZero();
    assertThat(weave(jar, "-o", libraries)).as(err).isZero();
    assertThat(bytes(jar)).isEqualTo(before);
    assertThat(weave(jar)).as(err).isZero();
    assertThat(bytes(jar)).isNotEqualTo(before);
    assertThat(bytes(other)).isEqualTo(bytes(jar));
    assertThat(bytes(libraries.resolve("in.jar"))).isEqualTo(bytes(jar));
    assertThat(bytes(jar, "p/a.properties")).asString().isEqualTo("k=v");
    weave(classes);
    assertThat(bytes(jar, "p/A.class")).isEqualTo(bytes(classes.resolve("p/A.class")));
  }

  @Test
  void aJarWithNothingToWeaveIsCopiedAsItIs() throws Exception {
    Path plain = JavaFiles.compile(folder.resolve("plain"), "class P {}");
    Files.createDirectories(plain.resolve("META-INF"));
    Files.writeString(plain.resolve("META-INF/KEY.SF"), "signature");
    Path jar = JavaFiles.jar(folder.resolve("plain.jar"), plain, Map.of());
    Path copy = folder.resolve("copy.jar");
    assertThat(weave(jar, "-o", copy)).as(err).isZero();
    assertThat(copy).hasSameBinaryContentAs(jar);
  }

  @Test
  void aSignedJarIsWovenOnRequestOnly() throws Exception {
    Files.createDirectories(classes.resolve("META-INF"));
    Files.writeString(classes.resolve("META-INF/KEY.SF"), "signature");
    Files.writeString(classes.resolve("META-INF/KEY.EC"), "block");
    Path jar = jar("signed.jar", Map.of());
    byte[] before = bytes(jar);
    assertThat(weave(jar)).isEqualTo(2);
    assertThat(err).contains(jar + " is signed").contains("--unsign");
    assertThat(bytes(jar)).isEqualTo(before);

    assertThat(weave(jar, "--unsign")).as(err).isZero();
    assertThat(JarCopy.isSigned(jar)).isFalse();
    assertThat(out).isEqualTo("woven: 1 of 2 classes\n");
  }

  @Test
  void weavesAllReleasesOfAMultiReleaseJar() throws Exception {
    String release = "META-INF/versions/17/";
    JavaFiles.compile(
        classes.resolve(release),
        List.of(runtime),
        "package p; public class A { @io.treadle.Async int f() { return 17; } }");
    Path jar = jar("mr.jar", Map.of("Multi-Release", "true"));
    assertThat(weave(jar)).as(err).isZero();
    assertThat(out).isEqualTo("woven: 2 of 3 classes\n");
    assertThat(bytes(jar, release + "p/A.class"))
        .isNotEqualTo(bytes(classes.resolve(release + "p/A.class")));
  }

  @Test
  void classesWhereNoLoaderLooksAreTold() throws Exception {
    Path fat = folder.resolve("fat");
    Files.createDirectories(fat.resolve("BOOT-INF"));
    Files.move(classes, fat.resolve("BOOT-INF/classes"));
    Path jar = JavaFiles.jar(folder.resolve("fat.jar"), fat, Map.of());
    assertThat(weave(jar)).isZero();
    assertThat(err)
        .startsWith("note: not woven")
        .contains("fat.jar/BOOT-INF/classes/p/A.class and 1 more");
  }

  @Test
  void aStarOnTheClassPathStandsForTheJarsOfAFolder() throws Exception {
    Path libraries = Files.createDirectories(folder.resolve("lib"));
    JavaFiles.jar(libraries.resolve("treadle.JAR"), runtime, Map.of());
    Files.writeString(libraries.resolve("readme.txt"), "");
    String path = folder.resolve("absent") + File.pathSeparator + libraries + File.separator + "*";
    assertThat(run(classes.toString(), "-cp", path)).as(err).isZero();
    assertThat(out).isEqualTo("woven: 1 of 2 classes\n");
  }
}
