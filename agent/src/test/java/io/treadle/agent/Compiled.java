package io.treadle.agent;

import io.treadle.Async;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Programs that a test compiles: their class files, not woven. */
final class Compiled {
  private Compiled() {}

  /** The runtime: a jar or a folder. */
  static Path runtime() {
    return location(Async.class);
  }

  /** The jar or folder that a class is from. */
  static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Compiles to a folder, for Java 17 and with debug information.
   *
   * @param sources one file each; the first public type in it gives the name
   * @return the folder
   */
  static Path to(Path folder, String... sources) {
    return to(folder, List.of(), sources);
  }

  /** Compiles to a folder, with more on the class path than the runtime. */
  static Path to(Path folder, List<Path> classPath, String... sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Path> all = new ArrayList<>(classPath);
    all.add(runtime());
    all.add(folder);
    String path =
        String.join(java.io.File.pathSeparator, all.stream().map(Path::toString).toList());
    List<JavaFileObject> files = Arrays.stream(sources).map(Compiled::file).toList();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-g", "--release", "17", "-proc:none", "-cp", path, "-d", folder.toString());
    if (!compiler.getTask(messages, null, null, options, null, files).call()) {
      throw new AssertionError(messages.toString());
    }
    return folder;
  }

  /** The class file of one class in a folder. */
  static byte[] bytes(Path folder, String internalName) {
    try {
      return Files.readAllBytes(folder.resolve(internalName + ".class"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavaFileObject file(String source) {
    String packaged = "";
    if (source.startsWith("package ")) {
      packaged = source.substring("package ".length(), source.indexOf(';')).replace('.', '/') + "/";
    }
    String name =
        source.split("public [a-z @]*?(class|interface|record|enum) ")[1].split("\\W", 2)[0];
    URI uri = URI.create("string:///" + packaged + name + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }
}
