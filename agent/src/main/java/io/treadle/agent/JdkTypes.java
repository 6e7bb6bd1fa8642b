package io.treadle.agent;

import java.util.HashSet;
import java.util.Set;

/** Which types belong to the JDK: none of them is async, and they are never looked at. */
final class JdkTypes {
  /** The packages of its modules, with slashes. Those of {@code java/} need no table. */
  private static final Set<String> PACKAGES = packages();

  private JdkTypes() {}

  static boolean contains(String internalName) {
    if (internalName.startsWith("java/") || internalName.startsWith("jdk/")) {
      return true;
    }
    int end = internalName.lastIndexOf('/');
    return end > 0 && PACKAGES.contains(internalName.substring(0, end));
  }

  private static Set<String> packages() {
    Set<String> packages = new HashSet<>();
    for (Module module : ModuleLayer.boot().modules()) {
      // by the name: in a linked image an application's modules are system modules, too
      if (module.getName().startsWith("java.") || module.getName().startsWith("jdk.")) {
        for (String name : module.getPackages()) {
          packages.add(name.replace('.', '/'));
        }
      }
    }
    return packages;
  }
}
