package io.treadle.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;

/**
 * What a class costs that does not concern the weaver, as nearly all classes do not. The budget is
 * 0.1 ms; the test prints and does not judge, because it does not know the computer.
 */
class CostTest {
  private static final List<Class<?>> LIBRARIES =
      List.of(Assertions.class, Test.class, ClassReader.class, net.bytebuddy.ByteBuddy.class);

  /** Time on the processor: what else the computer does is of no interest. */
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  @Test
  void printsWhatAClassCosts() throws IOException {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    URL[] urls = new URL[LIBRARIES.size() + 1];
    urls[0] = Compiled.runtime().toUri().toURL();
    for (int i = 0; i < LIBRARIES.size(); i++) {
      Path jar = Compiled.location(LIBRARIES.get(i));
      urls[i + 1] = jar.toUri().toURL();
      read(jar, classes);
    }
    for (String round : List.of("cold code", "warm code")) {
      try (URLClassLoader loader = new URLClassLoader(urls, null)) {
        LoadTimeWeaving weaving = new LoadTimeWeaving(source -> bytes -> null, () -> System.err);
        long start = CLOCK.getCurrentThreadCpuTime();
        long concerned = concerned(weaving, loader, classes);
        long first = CLOCK.getCurrentThreadCpuTime();
        concerned(weaving, loader, classes);
        long second = CLOCK.getCurrentThreadCpuTime();
        assertThat(concerned).isZero();
        System.out.printf(
            "agent, %s: %.1f us a class (%d classes), %.1f us once all referenced types are known%n",
            round,
            (first - start) / 1e3 / classes.size(),
            classes.size(),
            (second - first) / 1e3 / classes.size());
      }
    }
  }

  private static long concerned(
      LoadTimeWeaving weaving, ClassLoader loader, Map<String, byte[]> classes) {
    long[] concerned = new long[1];
    classes.forEach(
        (name, classFile) ->
            weaving.filter(
                loader,
                name,
                null,
                classFile,
                known -> {
                  concerned[0]++;
                  return null;
                }));
    return concerned[0];
  }

  private static void read(Path jar, Map<String, byte[]> classes) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
        String name = entry.getName();
        if (name.endsWith(".class") && !name.startsWith("META-INF") && !name.contains("-info")) {
          byte[] bytes = file.getInputStream(entry).readAllBytes();
          classes.put(name.substring(0, name.length() - ".class".length()), bytes);
        }
      }
    }
  }
}
