package io.treadle.instrumenter;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;

/**
 * The classes in folders and jars, the first of the same name winning, as a JVM looks them up.
 *
 * <p>A multi-release jar answers with the classes for the feature version of the running JVM, and
 * the {@code Class-Path} in a manifest is followed. What does not exist, and files that are no
 * archives, are passed over, as the JVM and compilers do. It may be used from several threads at
 * once.
 */
public final class ClassPath implements ClassSource, Closeable {
  /** The release of what is not below {@code META-INF/versions}. */
  static final int BASE_RELEASE = JarFile.baseVersion().feature();

  private static final byte[] MAGIC = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE};
  private static final String VERSIONS = "META-INF/versions/";

  /** One folder or jar. */
  private interface Entry extends Closeable {
    byte @Nullable [] read(String internalName) throws IOException;
  }

  private final List<Entry> entries;
  private final List<String> origins;
  private final boolean woven;

  private ClassPath(List<Entry> entries, List<String> origins, boolean woven) {
    this.entries = entries;
    this.origins = origins;
    this.woven = woven;
  }

  /**
   * Classes that others have made: whether they are woven, the mark in them says.
   *
   * @throws IOException if a jar cannot be read
   */
  public static ClassPath of(List<Path> entries) throws IOException {
    return open(entries, Runtime.version().feature(), false, false);
  }

  /**
   * Classes that are being woven, and are to be taken for woven.
   *
   * @throws IOException if a jar cannot be read
   */
  public static ClassPath beingWoven(List<Path> entries) throws IOException {
    return open(entries, Runtime.version().feature(), false, true);
  }

  /**
   * Classes that are being woven, as a JVM of some feature version sees them in a multi-release
   * jar; folders stand for the jars that will be made of them.
   */
  static ClassPath beingWoven(List<Path> entries, int release) throws IOException {
    return open(entries, release, true, true);
  }

  /**
   * The classes of the running JDK, all modules. They are read from its file system; none is
   * loaded, and nothing has to be closed.
   */
  public static ClassSource jdk() {
    return new Jdk();
  }

  private static ClassPath open(
      List<Path> paths, int release, boolean releasesInFolders, boolean woven) throws IOException {
    List<Entry> entries = new ArrayList<>();
    List<String> origins = new ArrayList<>();
    ClassPath opened = new ClassPath(entries, origins, woven);
    // Grows while it is read: a jar's Class-Path comes right after the jar, unless it is there
    // already.
    List<Path> pending = new ArrayList<>(paths);
    Set<Path> seen = new LinkedHashSet<>();
    try {
      while (!pending.isEmpty()) {
        Path path = pending.remove(0);
        if (!seen.add(path.toAbsolutePath().normalize())) {
          continue;
        }
        Entry entry;
        if (Files.isDirectory(path)) {
          entry = releasesInFolders ? new Folder(path, releases(path, release)) : new Folder(path);
        } else if (Files.isRegularFile(path)) {
          Jar jar = Jar.open(path, release);
          if (jar == null) {
            continue;
          }
          entry = jar;
          pending.addAll(0, jar.classPath());
        } else {
          continue;
        }
        entries.add(entry);
        origins.add(path.toString());
      }
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  /** The folders below {@code META-INF/versions} that count for a release, newest first. */
  private static List<Path> releases(Path folder, int release) {
    List<Path> found = new ArrayList<>();
    for (int r = release; r > BASE_RELEASE; r--) {
      Path versioned = folder.resolve(VERSIONS + r);
      if (Files.isDirectory(versioned)) {
        found.add(versioned);
      }
    }
    return found;
  }

  /**
   * @throws UncheckedIOException if the class is there and cannot be read
   */
  @Override
  public @Nullable ClassFile find(String internalName) {
    for (int i = 0; i < entries.size(); i++) {
      try {
        byte[] bytes = entries.get(i).read(internalName);
        if (bytes != null) {
          return new ClassFile(bytes, origins.get(i), woven);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot read " + internalName + " in " + origins.get(i) + ": " + e.getMessage(), e);
      }
    }
    return null;
  }

  /** Closes the jars. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Entry entry : entries) {
      try {
        entry.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Whether a class file has the class that its place tells. It need not: where file names ignore
   * case, a/foo.class finds the class a/Foo; and not all that is called so is a class.
   */
  static boolean isNamed(byte[] classFile, String internalName) {
    if (classFile.length < 10 || !Arrays.equals(classFile, 0, 4, MAGIC, 0, 4)) {
      return false;
    }
    try {
      return new ClassReader(classFile).getClassName().equals(internalName);
    } catch (IllegalArgumentException newerThanKnown) {
      return true; // the weaver says so, where it matters
    } catch (RuntimeException broken) {
      return false;
    }
  }

  private static final class Folder implements Entry {
    private final List<Path> folders;

    Folder(Path folder) {
      this(folder, List.of());
    }

    Folder(Path base, List<Path> releases) {
      folders = new ArrayList<>(releases);
      folders.add(base);
    }

    @Override
    public byte @Nullable [] read(String internalName) throws IOException {
      for (Path folder : folders) {
        byte[] bytes = read(folder, internalName);
        if (bytes != null) {
          return bytes;
        }
      }
      return null;
    }

    private static byte @Nullable [] read(Path folder, String internalName) throws IOException {
      byte[] bytes;
      try {
        Path file = folder.resolve(internalName + ".class");
        if (!Files.isRegularFile(file)) {
          return null;
        }
        bytes = Files.readAllBytes(file);
      } catch (InvalidPathException | NoSuchFileException e) {
        return null;
      }
      return isNamed(bytes, internalName) ? bytes : null;
    }

    @Override
    public void close() {}
  }

  private record Jar(Path path, JarFile file) implements Entry {
    static @Nullable Jar open(Path path, int release) throws IOException {
      Runtime.Version version = Runtime.Version.parse(Integer.toString(release));
      try {
        return new Jar(path, new JarFile(path.toFile(), false, ZipFile.OPEN_READ, version));
      } catch (ZipException e) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".jar")) {
          throw new IOException("cannot read " + path + ": " + e.getMessage(), e);
        }
        return null;
      }
    }

    /** Relative to the jar, as the specification of jars has it. */
    List<Path> classPath() throws IOException {
      Manifest manifest = file.getManifest();
      String value =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      if (value == null) {
        return List.of();
      }
      List<Path> found = new ArrayList<>();
      for (String url : value.trim().split("\\s+")) {
        try {
          URI uri = path.toUri().resolve(url);
          if ("file".equals(uri.getScheme())) {
            found.add(Path.of(uri));
          }
        } catch (IllegalArgumentException e) {
          // The JVM passes over what is no URL, too.
        }
      }
      return found;
    }

    @Override
    public byte @Nullable [] read(String internalName) throws IOException {
      JarEntry entry = file.getJarEntry(internalName + ".class");
      if (entry == null) {
        return null;
      }
      try (InputStream in = file.getInputStream(entry)) {
        return in.readAllBytes();
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** The file system of the run-time image, which knows for a package which modules have it. */
  private static final class Jdk implements ClassSource {
    private final FileSystem image = FileSystems.getFileSystem(URI.create("jrt:/"));
    private final Map<String, List<Path>> modules = new ConcurrentHashMap<>();

    @Override
    public @Nullable ClassFile find(String internalName) {
      int slash = internalName.lastIndexOf('/');
      if (slash <= 0) {
        return null; // no module has the default package
      }
      try {
        String packageName = internalName.substring(0, slash).replace('/', '.');
        for (Path module : modules.computeIfAbsent(packageName, this::modulesOf)) {
          Path file = module.resolve(internalName + ".class");
          if (Files.exists(file)) {
            return new ClassFile(Files.readAllBytes(file), "the JDK", false);
          }
        }
        return null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private List<Path> modulesOf(String packageName) {
      Path links = image.getPath("/packages", packageName);
      if (!Files.isDirectory(links)) {
        return List.of();
      }
      try (Stream<Path> found = Files.list(links)) {
        return found.map(link -> image.getPath("/modules", link.getFileName().toString())).toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
