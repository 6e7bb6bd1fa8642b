package io.treadle.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.instrumenter.StubPolicy;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.model.Build;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeaveMojoTest {
  private static final String RIGHT =
      "package p; public class Right { @io.treadle.Async public int f() { return 1; } }";

  @TempDir Path folder;
  private Path classes;
  private Path testClasses;
  private final MavenProject project = new MavenProject();
  private final List<String> log = new ArrayList<>();

  @BeforeEach
  void project() throws Exception {
    classes = folder.resolve("target/classes");
    testClasses = folder.resolve("target/test-classes");
    project.setFile(folder.resolve("pom.xml").toFile());
    Build build = new Build();
    build.setOutputDirectory(classes.toString());
    build.setTestOutputDirectory(testClasses.toString());
    project.setBuild(build);
    project.addCompileSourceRoot(folder.resolve("generated").toString());
    project.addCompileSourceRoot(folder.resolve("src").toString());
    project.addTestCompileSourceRoot(folder.resolve("test").toString());
    compile("runtime", "io/treadle/Async", "package io.treadle; public @interface Async {}");
    DefaultArtifactHandler jars = new DefaultArtifactHandler("jar");
    jars.setAddedToClasspath(true);
    DefaultArtifact runtime =
        new DefaultArtifact("io.treadle", "treadle", "1", "compile", "jar", null, jars);
    runtime.setFile(folder.resolve("runtime-classes").toFile());
    project.setArtifacts(Set.of(runtime));
    project.setArtifactFilter(artifact -> true);
  }

  /** Compiles a source of the runtime, of the main classes, or of the tests. */
  private void compile(String root, String name, String source) throws Exception {
    Path file = folder.resolve(root).resolve(name + ".java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
    Path runtime = folder.resolve("runtime-classes");
    Path target =
        switch (root) {
          case "runtime" -> runtime;
          case "test" -> testClasses;
          default -> classes;
        };
    StringWriter messages = new StringWriter();
    PrintWriter out = new PrintWriter(messages, true);
    String path = String.join(File.pathSeparator, runtime.toString(), classes.toString());
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                out,
                out,
                "-g",
                "-proc:none",
                "-d",
                target.toString(),
                "-cp",
                path,
                file.toString());
    assertThat(status).as(messages.toString()).isZero();
  }

  private <M extends AbstractWeaveMojo> M mojo(M mojo) {
    mojo.project = project;
    mojo.verify = true;
    mojo.stubs = StubPolicy.REFUSE;
    mojo.setLog(
        new SystemStreamLog() {
          @Override
          public void info(CharSequence content) {
            log.add("info: " + content);
          }

          @Override
          public void warn(CharSequence content) {
            log.add("warn: " + content);
          }

          @Override
          public void error(CharSequence content) {
            log.add("error: " + content);
          }
        });
    return mojo;
  }

  @Test
  void weavesWhatIsNotWovenYet() throws Exception {
    compile("src", "p/Right", RIGHT);
    compile("src", "p/Plain", "package p; class Plain {}");
    mojo(new WeaveMojo()).execute();
    assertThat(log).last().isEqualTo("info: Woven: 1 of 2 classes in " + classes);
    byte[] woven = Files.readAllBytes(classes.resolve("p/Right.class"));

    mojo(new WeaveMojo()).execute();
    assertThat(log).last().isEqualTo("info: Nothing to weave - all classes are up to date.");
    assertThat(classes.resolve("p/Right.class")).hasBinaryContent(woven);

    compile("src", "p/Right", RIGHT.replace("return 1", "return 2"));
    mojo(new WeaveMojo()).execute();
    assertThat(log).last().isEqualTo("info: Woven: 1 of 2 classes in " + classes);
  }

  @Test
  void everyFindingNamesItsSourceAndTheFailureCountsThem() throws Exception {
    compile("src", "p/Right", RIGHT);
    String wrong =
        """
        package p;
        class %s {
          @io.treadle.Async
          synchronized int f(Right right) {
            return right.f();
          }
        }
        """;
    compile("src", "p/Wrong", wrong.formatted("Wrong"));
    compile("generated", "p/Also", wrong.formatted("Also"));
    byte[] before = Files.readAllBytes(classes.resolve("p/Right.class"));
    WeaveMojo mojo = mojo(new WeaveMojo());
    assertThatThrownBy(mojo::execute)
        .isInstanceOf(MojoFailureException.class)
        .hasMessage("Weaving failed: 2 errors, 0 warnings");
    assertThat(log)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("error: " + folder.resolve("generated/p/Also.java") + ":[5] "),
            line ->
                assertThat(line)
                    .startsWith("error: " + folder.resolve("src/p/Wrong.java") + ":[5] "));
    assertThat(classes.resolve("p/Right.class")).hasBinaryContent(before);
  }

  @Test
  void warningsFailTheBuildOnRequest() throws Exception {
    compile(
        "src",
        "p/Slow",
        """
        package p;
        class Slow {
          @io.treadle.Async
          void f() throws Exception {
            Thread.sleep(1);
          }
        }
        """);
    WeaveMojo strict = mojo(new WeaveMojo());
    strict.failOnWarning = true;
    assertThatThrownBy(strict::execute)
        .isInstanceOf(MojoFailureException.class)
        .hasMessage("Weaving failed: 0 errors, 1 warning");
    assertThat(log)
        .singleElement()
        .asString()
        .startsWith("warn: " + folder.resolve("src/p/Slow.java") + ":[5] ");
    mojo(new WeaveMojo()).execute();
    assertThat(log).last().asString().startsWith("info: Woven: 1 of 1");
  }

  @Test
  void testsAreWovenAgainstTheMainClasses() throws Exception {
    compile("src", "p/Right", RIGHT);
    compile(
        "test",
        "p/RightTest",
        "package p; class RightTest { @io.treadle.Async int t(Right r) { return r.f(); } }");
    TestWeaveMojo tooEarly = mojo(new TestWeaveMojo());
    assertThatThrownBy(tooEarly::execute).isInstanceOf(MojoFailureException.class);
    assertThat(log)
        .singleElement()
        .asString()
        .startsWith("error: " + folder.resolve("test/p/RightTest.java") + ":[1] ")
        .contains(classes.toString());

    mojo(new WeaveMojo()).execute();
    mojo(new TestWeaveMojo()).execute();
    assertThat(log).last().isEqualTo("info: Woven: 1 of 1 classes in " + testClasses);
  }

  @Test
  void skips() throws Exception {
    compile("src", "p/Right", RIGHT);
    byte[] before = Files.readAllBytes(classes.resolve("p/Right.class"));
    WeaveMojo weave = mojo(new WeaveMojo());
    weave.skip = true;
    weave.execute();
    TestWeaveMojo testWeave = mojo(new TestWeaveMojo());
    testWeave.skipTests = true;
    testWeave.execute();
    assertThat(log).containsExactly("info: Weaving is skipped", "info: Weaving is skipped");
    assertThat(classes.resolve("p/Right.class")).hasBinaryContent(before);
  }

  @Test
  void aModuleWithoutClassesIsFine() throws Exception {
    mojo(new TestWeaveMojo()).execute();
    assertThat(log).isEmpty();
  }
}
