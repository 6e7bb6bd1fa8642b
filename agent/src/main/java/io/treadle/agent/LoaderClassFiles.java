package io.treadle.agent;

import io.treadle.instrumenter.ClassSource;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The class files that a class loader finds as resources. The loader may go away meanwhile; it then
 * finds nothing.
 */
final class LoaderClassFiles implements AsyncTypes.ClassFiles, ClassSource {
  /** Finds what the bootstrap loader finds, which has no object of its own. */
  private static final ClassLoader BOOT = new ClassLoader(null) {};

  private final WeakReference<ClassLoader> loader;
  private final Predicate<String> unwoven;
  private final Function<ClassLoader, AsyncTypes> types;

  /**
   * @param loader null for the bootstrap loader
   * @param types gives what is known of the classes of other loaders
   * @param unwoven says of which classes, by internal names, it is too late to be woven by the
   *     agent
   */
  LoaderClassFiles(
      @Nullable ClassLoader loader,
      Predicate<String> unwoven,
      Function<ClassLoader, AsyncTypes> types) {
    this.loader = new WeakReference<>(loader == null ? BOOT : loader);
    this.unwoven = unwoven;
    this.types = types;
  }

  @Override
  public @Nullable InputStream open(String internalName) {
    ClassLoader asked = asked(internalName);
    try {
      return asked == null ? null : asked.getResourceAsStream(fileName(internalName));
    } catch (RuntimeException | LinkageError e) { // from a loader that was written by somebody
      return null;
    }
  }

  @Override
  public @Nullable AsyncTypes knownBy(String internalName) {
    ClassLoader asked = loader.get();
    ClassLoader parent = asked == null ? null : asked.getParent();
    if (parent == null || parent == ClassLoader.getPlatformClassLoader()) {
      return null;
    }
    URL own = url(asked, internalName);
    URL inherited = own == null ? null : url(parent, internalName);
    // Not equals: it may ask the network for the addresses of hosts.
    return inherited != null && inherited.toString().equals(own.toString())
        ? types.apply(parent)
        : null;
  }

  /** True if there is such a class file. */
  boolean has(String internalName) {
    return url(internalName) != null;
  }

  @Override
  public @Nullable ClassFile find(String internalName) {
    URL url = url(internalName);
    if (url == null) {
      return null;
    }
    // Not from the URL: what is opened so outlives the loader and locks its jars.
    try (InputStream file = open(internalName)) {
      return file == null
          ? null
          : new ClassFile(file.readAllBytes(), origin(url, internalName), isWoven(internalName));
    } catch (IOException e) {
      return null;
    }
  }

  private boolean isWoven(String internalName) {
    return !JdkTypes.contains(internalName) && !unwoven.test(internalName);
  }

  private @Nullable URL url(String internalName) {
    ClassLoader asked = asked(internalName);
    return asked == null ? null : url(asked, internalName);
  }

  private static @Nullable URL url(ClassLoader asked, String internalName) {
    try {
      return asked.getResource(fileName(internalName));
    } catch (RuntimeException | LinkageError e) {
      return null;
    }
  }

  private @Nullable ClassLoader asked(String internalName) {
    return JdkTypes.contains(internalName) ? ClassLoader.getPlatformClassLoader() : loader.get();
  }

  private static String fileName(String internalName) {
    return internalName + ".class";
  }

  /** The jar or the folder, as a path where that is possible. */
  static String origin(URL url, String internalName) {
    if (url.getProtocol().equals("jrt")) {
      return "the JDK";
    }
    String text = url.toString();
    String inside = "/" + fileName(internalName);
    String place =
        text.endsWith(inside) ? text.substring(0, text.length() - inside.length()) : text;
    if (place.startsWith("jar:")) {
      place = place.substring("jar:".length());
    }
    if (place.endsWith("!")) {
      place = place.substring(0, place.length() - 1);
    }
    try {
      return place.startsWith("file:") ? Path.of(new URI(place)).toString() : place;
    } catch (URISyntaxException | RuntimeException e) { // a jar in a jar, for example
      return place;
    }
  }
}
