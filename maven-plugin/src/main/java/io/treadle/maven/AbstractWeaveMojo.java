package io.treadle.maven;

import io.treadle.instrumenter.Diagnostic;
import io.treadle.instrumenter.StubPolicy;
import io.treadle.instrumenter.Weaving;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.artifact.DependencyResolutionRequiredException;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;

/** What the two goals have in common: an output folder is woven in place. */
abstract class AbstractWeaveMojo extends AbstractMojo {
  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  MavenProject project;

  /** Leaves the classes as the compiler made them. */
  @Parameter(property = "treadle.skip", defaultValue = "false")
  boolean skip;

  /** Has the JVM verify the woven classes before they are written. None of their code runs. */
  @Parameter(property = "treadle.verify", defaultValue = "true")
  boolean verify;

  /**
   * What a direct-style method does when plain code calls it: {@code REFUSE} throws an {@code
   * IllegalStateException}; {@code DRIVE}, for tests, runs the method and blocks the thread while
   * it is suspended.
   */
  @Parameter(property = "treadle.stubs", defaultValue = "REFUSE")
  StubPolicy stubs;

  /** Fails the build where there are warnings. */
  @Parameter(property = "treadle.failOnWarning", defaultValue = "false")
  boolean failOnWarning;

  /** For Maven, which sets the fields. */
  AbstractWeaveMojo() {}

  /** The folder that is woven. */
  abstract Path classes();

  /** What its classes refer to; it may be among these. */
  abstract List<String> classPath() throws DependencyResolutionRequiredException;

  /** The folders with its sources. */
  abstract List<String> sourceRoots();

  boolean isSkipped() {
    return skip;
  }

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    if (isSkipped()) {
      getLog().info("Weaving is skipped");
      return;
    }
    Path classes = classes();
    if (!Files.isDirectory(classes)) {
      getLog().debug("No classes in " + classes);
      return;
    }
    try {
      Weaving.Outcome outcome =
          Weaving.of(List.of(classes), dependencies(classes))
              .withStubs(stubs)
              .withVerification(verify)
              .run();
      report(outcome.diagnostics(), classes);
      outcome.crashes().forEach(crash -> getLog().debug(crash));
      failOn(outcome.errors(), outcome.warnings());
      for (Weaving.Changed changed : outcome.changed()) {
        changed.write();
      }
      summarize(outcome, classes);
    } catch (IOException | UncheckedIOException e) {
      throw new MojoExecutionException("Cannot weave " + classes + ": " + e, e);
    } catch (DependencyResolutionRequiredException e) {
      throw new MojoExecutionException(e.getMessage(), e);
    }
  }

  private List<Path> dependencies(Path classes) throws DependencyResolutionRequiredException {
    return classPath().stream().map(Path::of).filter(path -> !path.equals(classes)).toList();
  }

  private void report(List<Diagnostic> diagnostics, Path classes) {
    for (Diagnostic diagnostic : diagnostics) {
      String line = place(diagnostic, classes) + " " + diagnostic.message();
      if (diagnostic.isError()) {
        getLog().error(line);
      } else {
        getLog().warn(line);
      }
    }
  }

  /**
   * As the compiler plugin writes it, so that what finds the places of its errors finds these, too.
   */
  private String place(Diagnostic diagnostic, Path classes) {
    String file =
        Stream.concat(sourceRoots().stream().map(Path::of), Stream.of(classes))
            .map(root -> root.resolve(diagnostic.file()))
            .filter(Files::isRegularFile)
            .findFirst()
            .map(Path::toString)
            .orElse(diagnostic.file());
    return diagnostic.line() > 0 ? file + ":[" + diagnostic.line() + "]" : file + ":";
  }

  private void failOn(long errors, long warnings) throws MojoFailureException {
    if (errors > 0 || failOnWarning && warnings > 0) {
      throw new MojoFailureException(
          "Weaving failed: " + count(errors, "error") + ", " + count(warnings, "warning"));
    }
  }

  private static String count(long number, String noun) {
    return number + " " + (number == 1 ? noun : noun + "s");
  }

  private void summarize(Weaving.Outcome outcome, Path classes) {
    outcome.misplaced().forEach(file -> getLog().debug("Not a class of its place: " + file));
    outcome.unverified().forEach(reason -> getLog().info("Not verified: " + reason));
    if (outcome.changed().isEmpty()) {
      getLog().info("Nothing to weave - all classes are up to date.");
    } else {
      getLog()
          .info(
              "Woven: "
                  + outcome.changed().size()
                  + " of "
                  + outcome.classes()
                  + " classes in "
                  + classes);
    }
  }
}
