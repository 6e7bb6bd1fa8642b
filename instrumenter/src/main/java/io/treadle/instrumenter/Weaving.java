package io.treadle.instrumenter;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One weaving of classes that belong together: the output folder of a module, or all that a command
 * line names.
 *
 * <p>All classes are woven and all findings collected before anything is written, and the caller
 * writes: with an error, nothing should be, so that what is there stays of one piece.
 *
 * <p>Classes are looked up in what is woven, then in the class path, then in the JDK. Below {@code
 * META-INF/versions/N} stand the classes of a multi-release jar; they are woven as a JVM of version
 * N sees them.
 */
public final class Weaving {
  private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/(\\d{1,4})/(.+)");
  private static final String SUFFIX = ".class";

  private final List<Path> roots;
  private final List<Path> classPath;
  private final StubPolicy stubs;
  private final boolean verify;
  private final Function<ClassSource, Function<byte[], Result>> weavers;

  private Weaving(
      List<Path> roots,
      List<Path> classPath,
      StubPolicy stubs,
      boolean verify,
      Function<ClassSource, Function<byte[], Result>> weavers) {
    this.roots = roots;
    this.classPath = classPath;
    this.stubs = stubs;
    this.verify = verify;
    this.weavers = weavers;
  }

  /**
   * A weaving with stubs that refuse, and with verification.
   *
   * @param roots the folders and jars to weave
   * @param classPath what their classes refer to, without the JDK
   */
  public static Weaving of(List<Path> roots, List<Path> classPath) {
    return new Weaving(
        List.copyOf(roots),
        List.copyOf(classPath),
        StubPolicy.REFUSE,
        true,
        source -> Weaver.of(source)::weave);
  }

  /** This weaving, with other stubs. */
  public Weaving withStubs(StubPolicy stubs) {
    return new Weaving(
        roots, classPath, stubs, verify, source -> Weaver.of(source).withStubs(stubs)::weave);
  }

  /** This weaving, with or without verification of the woven classes by the JVM. */
  public Weaving withVerification(boolean verify) {
    return new Weaving(roots, classPath, stubs, verify, weavers);
  }

  /** This weaving, by another weaver. */
  Weaving withWeaver(Function<ClassSource, Function<byte[], Result>> weavers) {
    return new Weaving(roots, classPath, stubs, verify, weavers);
  }

  /**
   * A class file that weaving has changed.
   *
   * @param root the folder or jar that it is in
   * @param file its place there, with slashes
   */
  public record Changed(Path root, String file, byte[] bytes) {
    /**
     * Puts it into its folder, in one step: a reader sees the old bytes or the new ones.
     *
     * @throws IOException also if the root is a jar
     */
    public void write() throws IOException {
      replace(root.resolve(file), bytes);
    }
  }

  /**
   * What came of a weaving.
   *
   * @param classes how many classes were looked at
   * @param changed the woven ones; none where there are errors
   * @param diagnostics all findings, by file and line
   * @param unverified for woven classes that the JVM could not verify, the class and the reason
   * @param misplaced files, with their root, that are no classes that a class loader would find
   *     there
   */
  public record Outcome(
      int classes,
      List<Changed> changed,
      List<Diagnostic> diagnostics,
      List<String> unverified,
      List<Path> misplaced,
      List<Throwable> crashes) {
    /** How many of the diagnostics are errors. */
    public long errors() {
      return diagnostics.stream().filter(Diagnostic::isError).count();
    }

    /** How many of the diagnostics are warnings. */
    public long warnings() {
      return diagnostics.size() - errors();
    }
  }

  /**
   * Weaves.
   *
   * @throws IOException if a file cannot be read
   */
  public Outcome run() throws IOException {
    // By release: what a later release does not have, it takes from those before.
    NavigableMap<Integer, List<ClassFile>> releases = new TreeMap<>();
    List<Path> misplaced = new ArrayList<>();
    for (Path root : roots) {
      read(root, releases, misplaced);
    }
    Run run = new Run();
    for (Map.Entry<Integer, List<ClassFile>> release : releases.entrySet()) {
      run.weave(release.getKey(), release.getValue());
    }
    List<Diagnostic> diagnostics = run.diagnostics.stream().distinct().sorted().toList();
    boolean failed = diagnostics.stream().anyMatch(Diagnostic::isError);
    return new Outcome(
        run.classes,
        failed ? List.of() : run.changed,
        diagnostics,
        run.unverified,
        misplaced,
        run.crashes);
  }

  /** A class file as it was found. */
  private record ClassFile(Path root, String file, String name, byte[] bytes) {}

  private static void read(Path root, Map<Integer, List<ClassFile>> releases, List<Path> misplaced)
      throws IOException {
    if (Files.isDirectory(root)) {
      read(root, root, true, releases, misplaced);
      return;
    }
    try (FileSystem jar = FileSystems.newFileSystem(root)) {
      Path top = jar.getPath("/");
      read(root, top, isMultiRelease(top), releases, misplaced);
    }
  }

  private static boolean isMultiRelease(Path top) throws IOException {
    Path manifest = top.resolve(JarFile.MANIFEST_NAME);
    if (!Files.exists(manifest)) {
      return false;
    }
    try (var in = Files.newInputStream(manifest)) {
      String value = new Manifest(in).getMainAttributes().getValue(Attributes.Name.MULTI_RELEASE);
      return "true".equalsIgnoreCase(value);
    }
  }

  private static void read(
      Path root,
      Path top,
      boolean multiRelease,
      Map<Integer, List<ClassFile>> releases,
      List<Path> misplaced)
      throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(top)) {
      files = found.filter(Weaving::isClassFile).sorted().toList();
    }
    for (Path path : files) {
      String file =
          top.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
      int release = ClassPath.BASE_RELEASE;
      String name = file;
      Matcher versioned = VERSIONED.matcher(file);
      if (multiRelease && versioned.matches()) {
        release = Integer.parseInt(versioned.group(1));
        name = versioned.group(2);
      }
      name = name.substring(0, name.length() - SUFFIX.length());
      byte[] bytes = Files.readAllBytes(path);
      if (ClassPath.isNamed(bytes, name)) {
        releases
            .computeIfAbsent(release, r -> new ArrayList<>())
            .add(new ClassFile(root, file, name, bytes));
      } else {
        misplaced.add(root.resolve(file));
      }
    }
  }

  private static boolean isClassFile(Path path) {
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    return name.endsWith(SUFFIX) && !name.equals("module-info.class") && Files.isRegularFile(path);
  }

  /** The state of one run. */
  private final class Run {
    final List<Changed> changed = new ArrayList<>();
    final List<Diagnostic> diagnostics = new ArrayList<>();
    final List<String> unverified = new ArrayList<>();
    final List<Throwable> crashes = new ArrayList<>();
    int classes;

    /** The classes of all releases so far, woven; the latest under a name. */
    private final Map<String, byte[]> woven = new HashMap<>();

    void weave(int release, List<ClassFile> files) throws IOException {
      try (ClassPath own = ClassPath.beingWoven(roots, release);
          ClassPath others = ClassPath.of(classPath)) {
        ClassSource source = own.or(others).or(ClassPath.jdk());
        Function<byte[], Result> weaver = weavers.apply(source);
        List<ClassFile> changedNow = new ArrayList<>();
        Map<String, byte[]> wovenNow = new HashMap<>();
        for (ClassFile file : files) {
          classes++;
          Result result = weave(weaver, file);
          diagnostics.addAll(result.diagnostics());
          wovenNow.putIfAbsent(file.name, result.bytes());
          if (result.woven()) {
            changedNow.add(file);
            changed.add(new Changed(file.root, file.file, result.bytes()));
          }
        }
        woven.putAll(wovenNow);
        if (verify && diagnostics.stream().noneMatch(Diagnostic::isError)) {
          verify(source, changedNow);
        }
      }
    }

    private Result weave(Function<byte[], Result> weaver, ClassFile file) {
      try {
        return weaver.apply(file.bytes);
      } catch (RuntimeException | StackOverflowError e) {
        crashes.add(e);
        String message = "cannot be woven, which is a bug in Treadle: " + oneLine(e.toString());
        Diagnostic diagnostic = new Diagnostic(Diagnostic.Severity.ERROR, file.file, 0, message);
        return new Result(file.bytes, false, List.of(diagnostic));
      }
    }

    private void verify(ClassSource source, List<ClassFile> files) {
      if (!Verifier.isPossible()) {
        if (!files.isEmpty() && unverified.isEmpty()) {
          unverified.add("all classes: verification is switched off in this JVM");
        }
        return;
      }
      ClassSource asTheyWillRun =
          name -> {
            byte[] bytes = woven.get(name);
            return bytes != null ? new ClassSource.ClassFile(bytes, "", true) : source.find(name);
          };
      Verifier verifier = Verifier.of(asTheyWillRun);
      for (ClassFile file : files) {
        Verifier.Verdict verdict = verifier.verify(file.name);
        switch (verdict.status()) {
          case VERIFIED -> {}
          case UNVERIFIED ->
              unverified.add(file.name.replace('/', '.') + ": " + oneLine(verdict.reason()));
          case FAILED ->
              diagnostics.add(
                  new Diagnostic(
                      Diagnostic.Severity.ERROR,
                      file.file,
                      0,
                      "the JVM rejects the woven class, which is a bug in Treadle: "
                          + oneLine(verdict.reason())));
        }
      }
    }
  }

  /** What the JVM says of a class goes on with a dump of its stack maps. */
  private static String oneLine(String reason) {
    String[] lines = reason.split("Current Frame:", 2)[0].strip().split("\\R");
    return String.join(" ", Arrays.stream(lines).map(String::strip).toList());
  }

  /** Writes a file beside the old one, and moves it there. */
  static void replace(Path file, byte[] bytes) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".woven");
    try {
      Files.write(beside, bytes);
      move(beside, file);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
