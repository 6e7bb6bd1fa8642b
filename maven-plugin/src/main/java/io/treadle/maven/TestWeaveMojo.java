package io.treadle.maven;

import java.nio.file.Path;
import java.util.List;
import org.apache.maven.artifact.DependencyResolutionRequiredException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;

/** Weaves the {@code @Async} methods in {@code target/test-classes}. */
@Mojo(
    name = "test-weave",
    defaultPhase = LifecyclePhase.PROCESS_TEST_CLASSES,
    requiresDependencyResolution = ResolutionScope.TEST,
    threadSafe = true)
public class TestWeaveMojo extends AbstractWeaveMojo {
  /** Set where tests are not compiled. */
  @Parameter(property = "maven.test.skip", defaultValue = "false")
  boolean skipTests;

  /** For Maven. */
  public TestWeaveMojo() {}

  @Override
  boolean isSkipped() {
    return skip || skipTests;
  }

  @Override
  Path classes() {
    return Path.of(project.getBuild().getTestOutputDirectory());
  }

  @Override
  List<String> classPath() throws DependencyResolutionRequiredException {
    return project.getTestClasspathElements();
  }

  @Override
  List<String> sourceRoots() {
    return project.getTestCompileSourceRoots();
  }
}
