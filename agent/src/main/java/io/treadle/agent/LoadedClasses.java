package io.treadle.agent;

import io.treadle.instrumenter.ClassSource.ClassFile;
import io.treadle.instrumenter.Result;
import java.lang.instrument.Instrumentation;
import java.util.SortedSet;
import java.util.TreeSet;

/** The classes that were there before the agent. */
final class LoadedClasses {
  private LoadedClasses() {}

  /**
   * Finds the classes that had to be woven, and were not because they were loaded before. The JVM
   * does not add methods to a class that is loaded.
   *
   * @return their names, as Java writes them
   */
  static SortedSet<String> unwoven(Instrumentation instrumentation, LoaderWeavers weavers) {
    SortedSet<String> found = new TreeSet<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String name = type.getName().replace('.', '/');
      if (!type.isArray()
          && !type.isPrimitive()
          && !type.isHidden()
          && !JdkTypes.contains(name)
          && !LoadTimeWeaving.isOwn(type.getClassLoader(), name)) {
        LoaderWeaver weaver = weavers.of(type.getClassLoader());
        if (!weaver.hasVisited(name) && hadToBeWoven(name, weaver)) {
          weaver.addUnwoven(name);
          found.add(type.getName());
        }
      }
    }
    return found;
  }

  private static boolean hadToBeWoven(String name, LoaderWeaver weaver) {
    if (!weaver.concernsFileOf(name)) {
      return false;
    }
    ClassFile file = weaver.find(name);
    if (file == null) {
      return false;
    }
    Result result = weaver.tryToWeave(name, file.bytes());
    return result.woven() || result.hasErrors();
  }
}
