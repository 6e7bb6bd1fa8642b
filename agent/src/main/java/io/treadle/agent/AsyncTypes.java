package io.treadle.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which types have async methods, their own or inherited ones: a cache of answers.
 *
 * <p>The answer is read off the start of the class file, where the annotation of an async method is
 * among the constants. So a type that only names the annotation counts as async, too; the weaver
 * looks closer. A type without a class file is not async.
 */
final class AsyncTypes {
  private static final byte[] ASYNC = "Lio/treadle/Async;".getBytes(StandardCharsets.US_ASCII);

  /** Where the class files are. */
  @FunctionalInterface
  interface ClassFiles {
    /**
     * @param internalName as in class files
     * @return null if there is none
     */
    @Nullable InputStream open(String internalName) throws IOException;

    /**
     * Who knows the class file already, since it is the same there: a loader delegates to its
     * parents, and there may be many loaders with the same ones.
     *
     * @return null if nobody does
     */
    default @Nullable AsyncTypes knownBy(String internalName) {
      return null;
    }
  }

  private final ClassFiles files;
  private final Map<String, Boolean> known = new ConcurrentHashMap<>();

  AsyncTypes(ClassFiles files) {
    this.files = files;
  }

  /** True if the class may have async methods itself. */
  static boolean declares(ConstantPool pool) {
    return pool.contains(ASYNC);
  }

  /** True if the weaver has to see the class. */
  boolean concern(ConstantPool pool) {
    if (declares(pool)) {
      return true;
    }
    boolean[] found = new boolean[1];
    pool.referenced(name -> found[0] = found[0] || contains(name));
    return found[0];
  }

  /** True if the type has an async method or inherits one. */
  boolean contains(String internalName) {
    if (internalName.startsWith("[") || JdkTypes.contains(internalName)) {
      return false;
    }
    Boolean answer = known.get(internalName);
    // Not computeIfAbsent: reading a class file may load classes, and so come back here.
    return answer != null ? answer : search(internalName);
  }

  private boolean search(String internalName) {
    Set<String> seen = new HashSet<>();
    Deque<String> todo = new ArrayDeque<>();
    todo.add(internalName);
    for (String name = todo.poll(); name != null; name = todo.poll()) {
      if (!JdkTypes.contains(name) && seen.add(name)) {
        Boolean answer = known.get(name);
        if (answer == null) {
          AsyncTypes other = files.knownBy(name);
          answer = other == null ? null : (Boolean) other.contains(name);
        }
        ConstantPool pool = answer == null ? read(name) : null;
        if (answer != null ? answer : pool != null && declares(pool)) {
          known.put(name, true);
          known.put(internalName, true);
          return true;
        }
        if (pool != null) {
          todo.addAll(pool.supertypes());
        }
      }
    }
    seen.forEach(name -> known.put(name, false));
    return false;
  }

  private @Nullable ConstantPool read(String internalName) {
    try (InputStream file = files.open(internalName)) {
      return file == null ? null : ConstantPool.read(file);
    } catch (IOException e) {
      return null;
    }
  }
}
