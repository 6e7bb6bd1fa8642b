package io.treadle.agent;

import io.treadle.instrumenter.ClassPath;
import io.treadle.instrumenter.ClassSource;
import io.treadle.instrumenter.Diagnostic;
import io.treadle.instrumenter.Result;
import io.treadle.instrumenter.Verifier;
import io.treadle.instrumenter.Weaver;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.build.BuildLogger;
import net.bytebuddy.build.EntryPoint;
import net.bytebuddy.build.Plugin;
import net.bytebuddy.build.Plugin.Factory.UsingReflection.Priority;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.TypeResolutionStrategy;
import net.bytebuddy.dynamic.scaffold.inline.MethodNameTransformer;
import net.bytebuddy.implementation.LoadedTypeInitializer;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Weaves class files in a build that runs Byte Buddy's plugins: its Maven plugin, its Gradle
 * plugin, its {@code Plugin.Engine}.
 *
 * <p>Byte Buddy finds it on the class path, or by its name in the build file. Classes come out as
 * the weaver made them; Byte Buddy adds nothing. What a plugin before this one has changed is woven
 * as changed; a plugin after it may change what is woven.
 *
 * <p>All errors and warnings are logged when the first class is transformed. An error fails the
 * build.
 */
public final class BuildPlugin implements Plugin.WithPreprocessor {
  private final @Nullable Path root;
  private final List<Path> classPath;
  private final BuildLogger logger;

  /** The names of the classes that are woven together, with slashes. */
  private final Set<String> sources = ConcurrentHashMap.newKeySet();

  private final List<Candidate> candidates = new ArrayList<>();

  private @Nullable Weaver weaver;
  private @Nullable ClassPath own;
  private @Nullable ClassPath others;

  /** What has become of the classes that are not left alone; null until the first is asked for. */
  private @Nullable Map<String, List<Woven>> woven;

  private record Candidate(String name, byte[] classFile, ClassFileLocator locator) {}

  private record Woven(byte[] classFile, Result result) {}

  /** Used by engines that say nothing of where the classes are. */
  public BuildPlugin() {
    this(new BuildLogger.StreamWriting(System.err));
  }

  /**
   * Used by engines that say nothing of where the classes are.
   *
   * @param logger gets the diagnostics
   */
  @Priority(1)
  public BuildPlugin(BuildLogger logger) {
    this.root = null;
    this.classPath = List.of();
    this.logger = logger;
  }

  /**
   * Used by the build tools of Byte Buddy.
   *
   * @param root the folder or jar with the classes
   * @param classPath what they were compiled against
   * @param logger gets the diagnostics
   */
  @Priority(2)
  public BuildPlugin(File root, File[] classPath, BuildLogger logger) {
    this.root = root.toPath();
    this.classPath =
        Arrays.stream(classPath).map(File::toPath).filter(p -> !p.equals(this.root)).toList();
    this.logger = logger;
  }

  @Override
  public synchronized void onPreprocess(TypeDescription type, ClassFileLocator locator) {
    byte[] classFile = locate(locator, type.getInternalName());
    if (classFile != null) {
      sources.add(type.getInternalName());
      candidates.add(new Candidate(type.getInternalName(), classFile, locator));
    }
  }

  @Override
  public boolean matches(@Nullable TypeDescription type) {
    return type != null && woven().containsKey(type.getInternalName());
  }

  @Override
  public DynamicType.Builder<?> apply(
      DynamicType.Builder<?> builder, TypeDescription type, ClassFileLocator locator) {
    byte[] classFile = locate(locator, type.getInternalName());
    for (Woven found : woven().getOrDefault(type.getInternalName(), List.of())) {
      // A jar for several releases has several classes of one name.
      if (Arrays.equals(found.classFile(), classFile)) {
        return apply(builder, type, locator, found);
      }
    }
    return builder;
  }

  @Override
  public synchronized void close() throws IOException {
    for (Closeable opened : Arrays.asList(own, others)) {
      if (opened != null) {
        opened.close();
      }
    }
  }

  private DynamicType.Builder<?> apply(
      DynamicType.Builder<?> builder, TypeDescription type, ClassFileLocator locator, Woven found) {
    fail(found.result());
    DynamicType.@Nullable Unloaded<?> changed = changed(builder, type, locator);
    if (changed == null) {
      return new GivenBytes<>(type, found.result().bytes(), List.of(), locator);
    }
    Result result = Objects.requireNonNull(weaver).weave(changed.getBytes());
    fail(result);
    List<DynamicType> more = new ArrayList<>();
    changed
        .getAuxiliaryTypes()
        .forEach(
            (name, bytes) ->
                more.add(
                    new DynamicType.Default.Unloaded<>(
                        name,
                        bytes,
                        LoadedTypeInitializer.NoOp.INSTANCE,
                        List.of(),
                        TypeResolutionStrategy.Disabled.INSTANCE.resolve())));
    return new GivenBytes<>(type, result.bytes(), more, locator);
  }

  private static void fail(Result result) {
    if (result.hasErrors()) {
      throw new IllegalStateException(
          result.diagnostics().stream()
              .filter(Diagnostic::isError)
              .map(Diagnostic::toString)
              .collect(Collectors.joining(System.lineSeparator())));
    }
  }

  /**
   * What the builder would build, null if it would build the class as it is. A builder does not
   * tell whether a plugin has added to it, so what it builds is compared with what a new one
   * builds.
   */
  private static DynamicType.@Nullable Unloaded<?> changed(
      DynamicType.Builder<?> builder, TypeDescription type, ClassFileLocator locator) {
    TypePool pool = TypePool.Default.of(locator);
    DynamicType.Unloaded<?> built;
    try {
      built = builder.make(TypeResolutionStrategy.Disabled.INSTANCE, pool);
    } catch (TypePool.Resolution.NoSuchTypeException e) {
      return null; // Byte Buddy needs a class that the weaver does not: nobody has built on this
      // one
    }
    for (EntryPoint entry : EntryPoint.Default.values()) {
      DynamicType.Builder<?> fresh =
          entry.transform(
              type,
              entry.byteBuddy(ClassFileVersion.ofThisVm()),
              locator,
              MethodNameTransformer.Suffixing.withRandomSuffix());
      byte[] same = fresh.make(TypeResolutionStrategy.Disabled.INSTANCE, pool).getBytes();
      if (Arrays.equals(built.getBytes(), same)) {
        return null;
      }
    }
    return built;
  }

  private synchronized Map<String, List<Woven>> woven() {
    if (woven == null) {
      Map<String, List<Woven>> all = new HashMap<>();
      try {
        weave(all);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      candidates.clear();
      woven = all;
    }
    return woven;
  }

  /**
   * Weaves all classes, so that all diagnostics are logged before the first error ends the build.
   */
  private void weave(Map<String, List<Woven>> into) throws IOException {
    if (candidates.isEmpty()) {
      return;
    }
    ClassSource source = source(candidates.get(0).locator());
    AsyncTypes types =
        new AsyncTypes(
            name -> {
              ClassSource.ClassFile file = source.find(name);
              return file == null ? null : new ByteArrayInputStream(file.bytes());
            });
    weaver = Weaver.of(source);
    boolean failed = false;
    for (Candidate candidate : candidates) {
      if (types.concern(ConstantPool.of(candidate.classFile()))) {
        Result result = weaver.weave(candidate.classFile());
        result.diagnostics().forEach(this::log);
        failed |= result.hasErrors();
        if (result.woven() || result.hasErrors()) {
          into.computeIfAbsent(candidate.name(), n -> new ArrayList<>())
              .add(new Woven(candidate.classFile(), result));
        }
      }
    }
    if (!failed) {
      verify(into, source);
    }
  }

  /** Has the JVM verify the woven classes; one that it rejects is an error. */
  private void verify(Map<String, List<Woven>> all, ClassSource source) {
    ClassSource asTheyWillRun =
        name -> {
          List<Woven> found = all.get(name);
          return found == null
              ? source.find(name)
              : new ClassSource.ClassFile(found.get(0).result().bytes(), "", true);
        };
    Verifier verifier = Verifier.of(asTheyWillRun);
    all.forEach(
        (name, found) -> {
          Verifier.Verdict verdict = verifier.verify(name);
          if (verdict.status() == Verifier.Status.FAILED) {
            String message =
                "the JVM rejects the woven class, which is a bug in Treadle: " + verdict.reason();
            Diagnostic error =
                new Diagnostic(Diagnostic.Severity.ERROR, name + ".class", 0, message);
            log(error);
            byte[] classFile = found.get(0).classFile();
            found.set(0, new Woven(classFile, new Result(classFile, false, List.of(error))));
          }
        });
  }

  private void log(Diagnostic diagnostic) {
    if (diagnostic.isError()) {
      logger.error(diagnostic.toString());
    } else {
      logger.warn(diagnostic.toString());
    }
  }

  /** Everything that the classes may refer to. */
  private ClassSource source(ClassFileLocator locator) throws IOException {
    ClassSource given =
        name -> {
          byte[] file = locate(locator, name);
          return file == null
              ? null
              : new ClassSource.ClassFile(file, "the class path", sources.contains(name));
        };
    if (root == null) {
      return given.or(ClassPath.jdk());
    }
    // Not only what Byte Buddy shows: in an incremental build that is what has changed.
    own = ClassPath.beingWoven(List.of(root));
    others = ClassPath.of(classPath);
    return own.or(others).or(given).or(ClassPath.jdk());
  }

  /** The class file, null if there is none. */
  private static byte @Nullable [] locate(ClassFileLocator locator, String name) {
    try {
      ClassFileLocator.Resolution found = locator.locate(name.replace('/', '.'));
      return found.isResolved() ? found.resolve() : null;
    } catch (IOException e) {
      return null;
    }
  }
}
