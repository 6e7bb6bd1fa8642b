package io.treadle.instrumenter;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The command line: weaves folders and jars, in place or into another. {@code --help} tells the
 * rest.
 */
public final class Main {
  private static final String HELP =
      """
      Usage: java -jar treadle-instrumenter.jar [OPTION]... CLASSES_OR_JAR...
      Weaves the @Async methods of the classes in folders and jars.

        -o, --output OUT           write there and leave the input as it is: for one folder, a folder;
                                   for one jar, a jar, or a folder that exists; for several, a
                                   folder, for each under its own name. Without it, the input is
                                   replaced.
        -cp, --class-path PATH     what the classes refer to, separated by '%s'; DIR/* stands for all
                                   jars in DIR. The JDK is the one that this runs on.
            --unsign               drop the signature of a signed jar, which weaving breaks
            --no-verify            do not have the JVM verify the woven classes
            --drive                let plain code call direct-style methods: the call runs the method
                                   and blocks the thread while it is suspended. For tests.
        -h, --help                 print this
            --version              print the version

      Errors and warnings go to the standard error, one a line: Crawler.java:12: error: ...
      With an error, nothing is written.

      Exit status: 0 done, 1 errors in the classes, 2 wrong arguments or unreadable files.
      """
          .formatted(File.pathSeparator);

  private static final int DONE = 0;
  private static final int ERRORS = 1;
  private static final int TROUBLE = 2;

  /** The arguments cannot be followed; the message says why. */
  private static final class Misuse extends Exception {
    private static final long serialVersionUID = 1;

    Misuse(String message) {
      super(message);
    }
  }

  /** What the arguments say. */
  private record Options(
      List<Path> inputs,
      @Nullable Path output,
      List<Path> classPath,
      StubPolicy stubs,
      boolean verify,
      boolean unsign) {}

  private final PrintStream out;
  private final PrintStream err;

  private Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Ends the JVM with the exit status that {@code --help} tells. */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** The same, without ending the JVM. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      return new Main(out, err).run(args);
    } catch (Misuse e) {
      err.println("error: " + e.getMessage());
      err.println("Try --help.");
      return TROUBLE;
    } catch (IOException e) {
      err.println("error: " + text(e));
      return TROUBLE;
    } catch (UncheckedIOException e) {
      err.println("error: " + text(e));
      return TROUBLE;
    }
  }

  /** Exceptions of file systems have the file as their message, and no more. */
  private static String text(Exception e) {
    String type = e.getClass().getSimpleName();
    return type.equals("IOException") || e instanceof UncheckedIOException
        ? String.valueOf(e.getMessage())
        : type + ": " + e.getMessage();
  }

  private int run(String[] args) throws Misuse, IOException {
    Options options = parse(args);
    if (options == null) {
      return DONE;
    }
    Map<Path, Path> targets = targets(options);
    Weaving.Outcome outcome =
        Weaving.of(options.inputs, options.classPath)
            .withStubs(options.stubs)
            .withVerification(options.verify)
            .run();
    outcome.diagnostics().forEach(err::println);
    outcome.crashes().forEach(crash -> crash.printStackTrace(err));
    if (outcome.errors() > 0) {
      err.println(count(outcome.errors(), "error") + "; nothing was written");
      return ERRORS;
    }
    Map<Path, Map<String, byte[]>> changed = new HashMap<>();
    for (Weaving.Changed change : outcome.changed()) {
      changed
          .computeIfAbsent(change.root(), r -> new HashMap<>())
          .put(change.file(), change.bytes());
    }
    refuseSigned(options, changed);
    for (Map.Entry<Path, Path> target : targets.entrySet()) {
      write(target.getKey(), target.getValue(), changed.getOrDefault(target.getKey(), Map.of()));
    }
    outcome.unverified().forEach(u -> err.println("note: not verified: " + u));
    if (!outcome.misplaced().isEmpty()) {
      err.println(
          "note: not woven, since no class loader finds a class there: "
              + outcome.misplaced().get(0)
              + (outcome.misplaced().size() == 1
                  ? ""
                  : " and " + (outcome.misplaced().size() - 1) + " more"));
    }
    out.println(
        "woven: "
            + outcome.changed().size()
            + " of "
            + count(outcome.classes(), "class", "classes"));
    return DONE;
  }

  private static String count(long number, String noun) {
    return count(number, noun, noun + "s");
  }

  private static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  // ------------------------------------------------------------------ arguments

  /** Returns null when there is nothing more to do. */
  private @Nullable Options parse(String[] args) throws Misuse, IOException {
    List<Path> inputs = new ArrayList<>();
    List<Path> classPath = new ArrayList<>();
    Path output = null;
    StubPolicy stubs = StubPolicy.REFUSE;
    boolean verify = true;
    boolean unsign = false;
    boolean optionsEnded = false;
    for (int i = 0; i < args.length; i++) {
      String arg = args[i];
      if (optionsEnded || !arg.startsWith("-")) {
        inputs.add(input(arg));
        continue;
      }
      switch (arg) {
        case "--" -> optionsEnded = true;
        case "-h", "--help" -> {
          out.print(HELP);
          return null;
        }
        case "--version" -> {
          String version = Main.class.getPackage().getImplementationVersion();
          out.println("Treadle " + (version == null ? "(unpackaged)" : version));
          return null;
        }
        case "-o", "--output" -> {
          if (output != null) {
            throw new Misuse(arg + " is given twice");
          }
          output = path(value(args, ++i));
        }
        case "-cp", "-classpath", "--class-path" -> addClassPath(value(args, ++i), classPath);
        case "--unsign" -> unsign = true;
        case "--no-verify" -> verify = false;
        case "--drive" -> stubs = StubPolicy.DRIVE;
        default -> throw new Misuse("unknown option " + arg);
      }
    }
    if (inputs.isEmpty()) {
      throw new Misuse("no classes to weave");
    }
    return new Options(inputs, output, classPath, stubs, verify, unsign);
  }

  private static String value(String[] args, int i) throws Misuse {
    if (i == args.length) {
      throw new Misuse(args[i - 1] + " needs a value");
    }
    return args[i];
  }

  private static Path path(String arg) throws Misuse {
    try {
      return Path.of(arg);
    } catch (InvalidPathException e) {
      throw new Misuse("not a path: " + arg);
    }
  }

  private static Path input(String arg) throws Misuse {
    Path path = path(arg);
    if (!Files.exists(path)) {
      throw new Misuse("no such folder or jar: " + arg);
    }
    if (Files.isDirectory(path)) {
      return path;
    }
    try {
      new ZipFile(path.toFile()).close();
      return path;
    } catch (ZipException e) {
      throw new Misuse("neither a folder nor a jar: " + arg);
    } catch (IOException e) {
      throw new Misuse("cannot read " + arg + ": " + e.getMessage());
    }
  }

  private static void addClassPath(String value, List<Path> classPath) throws Misuse, IOException {
    for (String element : value.split(Pattern.quote(File.pathSeparator))) {
      if (element.isEmpty()) {
        continue;
      }
      if (!element.equals("*")
          && !element.endsWith("/*")
          && !element.endsWith(File.separator + "*")) {
        classPath.add(path(element));
        continue;
      }
      Path folder = path(element.substring(0, element.length() - 1));
      if (Files.isDirectory(folder)) {
        try (Stream<Path> found = Files.list(folder)) {
          found.filter(Main::isJar).sorted().forEach(classPath::add);
        }
      }
    }
  }

  private static boolean isJar(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".jar");
  }

  /** Where each input goes. */
  private static Map<Path, Path> targets(Options options) throws Misuse {
    Map<Path, Path> targets = new LinkedHashMap<>();
    Map<Path, Path> taken = new HashMap<>();
    for (Path input : options.inputs) {
      Path target = target(input, options);
      Path other = taken.put(absolute(target), input);
      if (other != null) {
        throw new Misuse(other + " and " + input + " would both be written to " + target);
      }
      if (Files.isDirectory(input)) {
        if (Files.exists(target) && !Files.isDirectory(target)) {
          throw new Misuse("not a folder: " + target);
        }
        if (!absolute(target).equals(absolute(input))
            && absolute(target).startsWith(absolute(input))) {
          throw new Misuse("the output " + target + " is inside the input " + input);
        }
      }
      targets.put(input, target);
    }
    return targets;
  }

  private static Path target(Path input, Options options) {
    Path output = options.output;
    if (output == null) {
      return input;
    }
    boolean below =
        options.inputs.size() > 1 || !Files.isDirectory(input) && Files.isDirectory(output);
    return below ? output.resolve(absolute(input).getFileName()) : output;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  // ------------------------------------------------------------------ output

  private static void refuseSigned(Options options, Map<Path, Map<String, byte[]>> changed)
      throws IOException, Misuse {
    if (options.unsign) {
      return;
    }
    for (Path input : changed.keySet()) {
      if (!Files.isDirectory(input) && JarCopy.isSigned(input)) {
        throw new Misuse(
            input + " is signed, and weaving would break the signature; --unsign drops it");
      }
    }
  }

  private static void write(Path input, Path target, Map<String, byte[]> changed)
      throws IOException {
    boolean inPlace = absolute(input).equals(absolute(target));
    if (Files.isDirectory(input)) {
      if (!inPlace) {
        copyFolder(input, target);
      }
      for (Map.Entry<String, byte[]> change : changed.entrySet()) {
        Weaving.replace(target.resolve(change.getKey()), change.getValue());
      }
    } else if (!changed.isEmpty()) {
      createParent(target);
      JarCopy.write(input, target, changed);
    } else if (!inPlace) {
      createParent(target);
      Files.copy(input, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void createParent(Path file) throws IOException {
    Files.createDirectories(absolute(file).getParent());
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
