package io.treadle.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.ClassSource;
import io.treadle.instrumenter.Result;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoaderWeaversTest {
  @TempDir Path folder;

  /** What the weaver of the class loader that was asked for last sees. */
  private ClassSource source = name -> null;

  private final LoaderWeavers weavers =
      new LoaderWeavers(
          s -> {
            source = s;
            return classFile -> new Result(classFile, false, List.of());
          });

  @Test
  void givesEachLoaderOneWeaver() {
    ClassLoader one = new Equal();
    ClassLoader other = new Equal();
    assertThat(weavers.of(one)).isSameAs(weavers.of(one)).isNotSameAs(weavers.of(other));
    assertThat(weavers.of(null)).isSameAs(weavers.of(null));
  }

  @Test
  void keepsNoLoaderAlive() throws InterruptedException {
    WeakReference<ClassLoader> loader = new WeakReference<>(new URLClassLoader(new URL[0]));
    weavers.of(loader.get()).addUnwoven("A");
    source.find("java/lang/Object");
    for (int i = 0; weavers.size() > 0; i++) { // the JVM enqueues references when it likes to
      assertThat(i).as("collections").isLessThan(1000);
      System.gc();
      Thread.sleep(1);
      weavers.purge();
    }
    assertThat(loader.get()).isNull();
    assertThat(source.find("A")).isNull();
  }

  @Test
  void findsClassFilesInFoldersAndJars() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("some classes"));
    Compiled.to(classes, "package p; public class InFolder {}");
    Path jar = folder.resolve("some.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("p/InJar.class"));
      out.write(Compiled.bytes(classes, "p/InFolder"));
    }
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL(), jar.toUri().toURL()}, null)) {
      weavers.of(loader);
      assertThat(source.find("p/InFolder").origin()).isEqualTo(classes.toString());
      assertThat(source.find("p/InJar").origin()).isEqualTo(jar.toString());
      assertThat(source.find("p/InJar").bytes()).isEqualTo(Compiled.bytes(classes, "p/InFolder"));
      assertThat(source.find("p/InFolder").woven()).isTrue();
      assertThat(source.find("p/Nowhere")).isNull();
      assertThat(source.find("java/sql/Driver").bytes()).isNotEmpty();
    }
  }

  @Test
  void takesALoaderThatFailsForOneThatFindsNothing() {
    weavers.of(
        new ClassLoader(null) {
          @Override
          public URL getResource(String name) {
            throw new IllegalStateException();
          }

          @Override
          public InputStream getResourceAsStream(String name) {
            throw new NoClassDefFoundError();
          }
        });
    assertThat(source.find("A")).isNull();
  }

  @Test
  void knowsWhatAParentHadLoadedTooEarly() throws IOException {
    Compiled.to(folder, "public class A {}", "public class B {}");
    try (URLClassLoader parent = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
        URLClassLoader child = new URLClassLoader(new URL[0], parent)) {
      weavers.of(parent).addUnwoven("A");
      weavers.of(child);
      assertThat(source.find("A").woven()).isFalse();
      assertThat(source.find("B").woven()).isTrue();
    }
  }

  @Test
  void asksAParentForWhatItKnowsAlready() throws IOException {
    Compiled.to(folder, "public class A { void f() {} }", "public class B { B(A a) { a.f(); } }");
    URL[] urls = {folder.toUri().toURL(), Compiled.runtime().toUri().toURL()};
    List<String> opened = new ArrayList<>();
    ClassLoader parent =
        new URLClassLoader(urls, null) {
          @Override
          public InputStream getResourceAsStream(String name) {
            opened.add(name);
            return super.getResourceAsStream(name);
          }
        };
    ConstantPool pool = ConstantPool.of(Compiled.bytes(folder, "B"));
    for (int i = 0; i < 3; i++) {
      assertThat(weavers.of(new URLClassLoader(new URL[0], parent)).concerns(pool)).isFalse();
    }
    assertThat(opened).containsExactly("A.class");
  }

  @Test
  void isReentrant() {
    Map<String, LoaderWeaver> inner = new ConcurrentHashMap<>();
    ClassLoader loader =
        new ClassLoader(null) {
          @Override
          protected URL findResource(String name) {
            if (inner.isEmpty()) {
              inner.put(name, weavers.of(ClassLoader.getPlatformClassLoader()));
              inner.put("again", weavers.of(this));
            }
            return null;
          }
        };
    assertThat(weavers.of(loader)).isSameAs(inner.get("again"));
  }

  private static final class Equal extends ClassLoader {
    @Override
    public boolean equals(Object other) {
      return other instanceof Equal;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }
}
