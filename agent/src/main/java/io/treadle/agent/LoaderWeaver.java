package io.treadle.agent;

import io.treadle.instrumenter.ClassSource;
import io.treadle.instrumenter.Diagnostic;
import io.treadle.instrumenter.Result;
import io.treadle.instrumenter.Weaver;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Weaves the classes of one class loader, and remembers what it has learnt about them. */
final class LoaderWeaver {
  /** Weaves one class. */
  @FunctionalInterface
  interface Loom {
    Result weave(byte[] classFile);

    /** The weaver, with its usual settings. */
    static Loom of(ClassSource source) {
      return Weaver.of(source)::weave;
    }
  }

  private static final String RUNTIME = "io/treadle/Async";

  private final LoaderClassFiles files;
  private final AsyncTypes types;
  private final Loom loom;

  /** Without the runtime nothing can be async: then no other class file needs to be read. */
  private final boolean seesRuntime;

  /** The classes that went through {@link #weave}. */
  private final Set<String> visited = ConcurrentHashMap.newKeySet();

  /** The classes that were loaded before the agent and had to be woven. */
  private final Set<String> unwoven = ConcurrentHashMap.newKeySet();

  /**
   * @param loader is not kept alive
   * @param isUnwoven says which classes that the loader finds can not be woven any more
   * @param others gives the weavers of other loaders
   */
  LoaderWeaver(
      @Nullable ClassLoader loader,
      Predicate<String> isUnwoven,
      Function<ClassLoader, LoaderWeaver> others,
      Function<ClassSource, Loom> looms) {
    files = new LoaderClassFiles(loader, isUnwoven, other -> others.apply(other).types);
    types = new AsyncTypes(files);
    loom = looms.apply(files);
    seesRuntime = files.has(RUNTIME);
  }

  /** True if the weaver has to see the class. */
  boolean concerns(ConstantPool pool) {
    return seesRuntime ? types.concern(pool) : AsyncTypes.declares(pool);
  }

  /**
   * True for a class that was made while the program runs: a proxy, a mock. It is no part of the
   * source, and woven code knows how to live with classes that are not woven.
   */
  boolean isGenerated(String internalName, byte[] classFile) {
    return !files.has(internalName) && !FailingClass.hasSource(classFile);
  }

  /** Weaves a class. What goes wrong in the weaver is an error in the class. */
  Result weave(String internalName, byte[] classFile) {
    visited.add(internalName);
    return tryToWeave(internalName, classFile);
  }

  /** Finds out what weaving a class would bring. */
  Result tryToWeave(String internalName, byte[] classFile) {
    try {
      return loom.weave(classFile);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      String message = "cannot be woven, which is a bug in Treadle: " + e;
      Diagnostic error =
          new Diagnostic(Diagnostic.Severity.ERROR, internalName + ".class", 0, message);
      return new Result(classFile, false, List.of(error));
    }
  }

  /** True if the weaver has to see the class file that there is of the class. */
  boolean concernsFileOf(String internalName) {
    try (InputStream file = files.open(internalName)) {
      return file != null && concerns(ConstantPool.read(file));
    } catch (IOException e) {
      return false;
    }
  }

  /** The class file of a class, null if there is none. */
  ClassSource.@Nullable ClassFile find(String internalName) {
    return files.find(internalName);
  }

  boolean hasVisited(String internalName) {
    return visited.contains(internalName);
  }

  void addUnwoven(String internalName) {
    unwoven.add(internalName);
  }

  boolean isUnwoven(String internalName) {
    return unwoven.contains(internalName);
  }
}
