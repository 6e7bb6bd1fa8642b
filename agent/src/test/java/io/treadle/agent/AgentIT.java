package io.treadle.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.agent.ForkedJvm.Outcome;
import io.treadle.instrumenter.ClassPath;
import io.treadle.instrumenter.Result;
import io.treadle.instrumenter.Weaver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar of the agent, in programs that are not woven otherwise. */
class AgentIT {
  private static final String HELLO =
      """
      package program;

      import static io.treadle.Treadle.await;
      import static io.treadle.Treadle.run;

      import io.treadle.Async;
      import java.util.concurrent.CompletableFuture;

      public class Hello {
        @Async
        static int twice(int i) {
          return await(CompletableFuture.supplyAsync(() -> 2 * i));
        }

        public static void main(String[] arguments) throws Exception {
          System.out.println(run(() -> twice(21)) + String.join(",", arguments));
          if (arguments.length > 0) {
            switch (arguments[0]) {
              case "exit" -> System.exit(7);
              case "throw" -> throw new java.io.IOException("thrown");
              case "path" -> System.out.println(System.getProperty("java.class.path"));
              case "loader" ->
                  System.out.println(
                      Hello.class.getClassLoader() == ClassLoader.getSystemClassLoader());
              default -> {}
            }
          }
        }
      }
      """;

  @TempDir Path folder;
  private Path classes;
  private ForkedJvm jvm;

  @BeforeEach
  void create() throws IOException {
    classes = Files.createDirectory(folder.resolve("classes"));
    jvm = new ForkedJvm(folder);
  }

  @Test
  void weavesAProgram() {
    Compiled.to(classes, HELLO);
    assertThat(javaagent("program.Hello")).isEqualTo(new Outcome(0, "42\n", ""));
  }

  @Test
  void runsAProgramFromAShell() {
    Compiled.to(classes, HELLO);
    String path = path();
    assertThat(javaJar("-cp", path, "program.Hello", "a", "-cp", "b"))
        .isEqualTo(new Outcome(0, "42a,-cp,b\n", ""));
    assertThat(javaJar("--class-path=" + path, "program.Hello", "path"))
        .isEqualTo(new Outcome(0, "42path\n" + path + "\n", ""));
    assertThat(javaJar("-classpath", path, "program/Hello", "loader"))
        .isEqualTo(new Outcome(0, "42loader\ntrue\n", ""));
    assertThat(
            jvm.withEnvironment("CLASSPATH", path)
                .java("-jar", ForkedJvm.AGENT.toString(), "program.Hello"))
        .isEqualTo(new Outcome(0, "42\n", ""));
  }

  @Test
  void findsClassesInTheCurrentDirectoryAndInFoldersOfJars() throws IOException {
    Compiled.to(folder, HELLO.replace("package program;", ""));
    Path lib = Files.createDirectory(folder.resolve("lib"));
    Path runtime = Compiled.runtime();
    if (Files.isDirectory(runtime)) {
      return; // tests in a development environment, which makes no jars
    }
    Files.copy(runtime, lib.resolve("treadle.jar"));
    assertThat(javaJar("-cp", ForkedJvm.classPath(Path.of("."), Path.of("lib", "*")), "Hello"))
        .isEqualTo(new Outcome(0, "42\n", ""));
    assertThat(javaJar("Hello").err()).contains("NoClassDefFoundError: io/treadle/");
  }

  @Test
  void endsAsTheProgramEnds() {
    Compiled.to(classes, HELLO, "public class NoMain {}");
    String path = path();
    assertThat(javaJar("-cp", path, "program.Hello", "exit").exitCode()).isEqualTo(7);
    Outcome thrown = javaJar("-cp", path, "program.Hello", "throw");
    assertThat(thrown.exitCode()).isEqualTo(1);
    assertThat(thrown.err())
        .startsWith(
            "Exception in thread \"main\" java.io.IOException: thrown\n\tat program.Hello.");
    Outcome absent = javaJar("-cp", path, "program.Absent");
    assertThat(absent.exitCode()).isEqualTo(1);
    assertThat(absent.err()).startsWith("Error: Could not find or load main class program.Absent");
    Outcome noMain = javaJar("-cp", path, "NoMain");
    assertThat(noMain.exitCode()).isEqualTo(1);
    assertThat(noMain.err()).startsWith("Error: Main method not found in class NoMain");
    Outcome nothing = javaJar();
    assertThat(nothing.exitCode()).isEqualTo(1);
    assertThat(nothing.err()).startsWith("Usage: java -jar treadle-agent.jar");
  }

  @Test
  void attachesToTheJvmOfADevelopmentEnvironment() {
    Compiled.to(classes, HELLO);
    String path = ForkedJvm.classPath(classes, Compiled.runtime(), ForkedJvm.AGENT);
    assertThat(
            jvm.java(
                ForkedJvm.quietAttach(), "-cp", path, "io.treadle.agent.Main", "program.Hello"))
        .isEqualTo(new Outcome(0, "42\n", ""));
  }

  @Test
  void saysWhyItCannotAttach() {
    String path = ForkedJvm.classPath(classes, Compiled.runtime(), ForkedJvm.AGENT);
    Outcome outcome =
        jvm.java("-XX:+DisableAttachMechanism", "-cp", path, "io.treadle.agent.Main", "Any");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("Error: the Treadle agent cannot attach to this JVM")
        .contains("-javaagent:treadle-agent.jar");
  }

  @Test
  void attachesBeforeTests() throws ClassNotFoundException {
    List<Path> junit = new ArrayList<>();
    for (String type :
        List.of(
            "org.junit.jupiter.api.Test",
            "org.junit.jupiter.engine.JupiterTestEngine",
            "org.junit.platform.commons.JUnitException",
            "org.junit.platform.engine.TestEngine",
            "org.junit.platform.launcher.Launcher",
            "org.opentest4j.AssertionFailedError",
            "org.apiguardian.api.API")) {
      junit.add(Compiled.location(Class.forName(type)));
    }
    Compiled.to(
        classes,
        junit,
        """
        package program;

        import static org.junit.jupiter.api.Assertions.assertEquals;

        import io.treadle.Async;
        import io.treadle.Treadle;

        public class HelloTest {
          @Async
          int answer() {
            Treadle.yieldNow();
            return 42;
          }

          @org.junit.jupiter.api.Test
          void answers() {
            assertEquals(42, Treadle.<Integer, RuntimeException>run(() -> answer()));
            System.out.println("tested");
          }
        }
        """,
        """
        package program;

        import org.junit.platform.engine.discovery.DiscoverySelectors;
        import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
        import org.junit.platform.launcher.core.LauncherFactory;

        public class Tests {
          public static void main(String[] arguments) {
            LauncherFactory.create()
                .execute(
                    LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectClass("program.HelloTest"))
                        .build());
          }
        }
        """);
    String path =
        ForkedJvm.classPath(
            Stream.concat(Stream.of(classes, Compiled.runtime(), ForkedJvm.AGENT), junit.stream())
                .toArray(Path[]::new));
    assertThat(jvm.java(ForkedJvm.quietAttach(), "-cp", path, "program.Tests"))
        .isEqualTo(new Outcome(0, "tested\n", ""));
  }

  @Test
  void printsErrorsAndHasTheMethodThrowThem() {
    Compiled.to(
        classes,
        """
        package program;

        import io.treadle.Async;
        import io.treadle.Treadle;

        public class Locked {
          @Async
          static synchronized void wrong() {
            Treadle.yieldNow();
          }

          @Async
          static void right() {
            Treadle.yieldNow();
            System.out.println("runs");
          }
        }
        """,
        """
        package program;

        import io.treadle.Treadle;
        import io.treadle.WeavingError;

        public class Caller {
          public static void main(String[] arguments) {
            Treadle.run(() -> Locked.right());
            try {
              Treadle.run(() -> Locked.wrong());
            } catch (WeavingError e) {
              System.out.println(e.getMessage());
              System.out.println(e.getStackTrace()[0].getLineNumber());
            }
          }
        }
        """);
    Outcome outcome = javaagent("program.Caller");
    assertThat(outcome.out()).startsWith("runs\nprogram/Locked.java:9: error: ").endsWith("\n9\n");
    assertThat(outcome.err())
        .startsWith("program/Locked.java:9: error: ")
        .contains("synchronized")
        .hasLineCount(1);
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void doesNothingTheSecondTime() throws IOException {
    Compiled.to(classes, HELLO);
    Path copy = Files.copy(ForkedJvm.AGENT, folder.resolve("copy.jar"));
    assertThat(
            jvm.java(
                "-javaagent:" + ForkedJvm.AGENT,
                "-javaagent:" + copy,
                "-cp",
                ForkedJvm.classPath(classes, Compiled.runtime(), copy),
                "io.treadle.agent.Main",
                "program.Hello"))
        .isEqualTo(new Outcome(0, "42\n", ""));
  }

  @Test
  void leavesWovenClassesAsTheyAre() throws IOException {
    Compiled.to(classes, HELLO);
    Path file = classes.resolve("program/Hello.class");
    try (ClassPath path = ClassPath.beingWoven(List.of(classes, Compiled.runtime()))) {
      Result result = Weaver.of(path.or(ClassPath.jdk())).weave(Files.readAllBytes(file));
      assertThat(result.woven()).isTrue();
      Files.write(file, result.bytes());
    }
    assertThat(javaagent("program.Hello")).isEqualTo(new Outcome(0, "42\n", ""));
  }

  @Test
  void listsWhatWasLoadedBefore() {
    Compiled.to(
        classes,
        """
        package program;

        public class Late {
          @io.treadle.Async
          static int early() {
            return 1;
          }

          static class Plain {}

          static class AlsoEarly extends Late {
            @io.treadle.Async
            int f() {
              return 1;
            }
          }

          public static void main(String[] arguments) throws Exception {
            new Plain();
            new AlsoEarly();
            Class.forName("io.treadle.agent.Agent").getMethod("attach").invoke(null);
            Hello.main(arguments);
          }
        }
        """,
        HELLO);
    String path = ForkedJvm.classPath(classes, Compiled.runtime(), ForkedJvm.AGENT);
    Outcome outcome = jvm.java(ForkedJvm.quietAttach(), "-cp", path, "program.Late");
    assertThat(outcome.out()).isEqualTo("42\n");
    assertThat(outcome.err())
        .contains("not woven: program.Late, program.Late$AlsoEarly;")
        .hasLineCount(1);
  }

  @Test
  void weavesWhatADebuggerReplaces() throws IOException {
    Compiled.to(
        classes,
        HELLO,
        """
        package program;

        import java.lang.instrument.ClassDefinition;
        import java.lang.instrument.Instrumentation;
        import java.lang.reflect.Method;
        import java.nio.file.Files;
        import java.nio.file.Path;

        public class Debugger {
          public static void main(String[] arguments) throws Exception {
            Hello.main(new String[0]);
            Method method =
                Class.forName("io.treadle.agent.Agent").getDeclaredMethod("instrumentation");
            method.setAccessible(true);
            Instrumentation instrumentation = (Instrumentation) method.invoke(null);
            byte[] edited = Files.readAllBytes(Path.of(arguments[0]));
            instrumentation.redefineClasses(new ClassDefinition(Hello.class, edited));
            Hello.main(new String[0]);
            instrumentation.retransformClasses(Hello.class);
            Hello.main(new String[0]);
          }
        }
        """);
    Path edited = Files.createDirectory(folder.resolve("edited"));
    Compiled.to(edited, HELLO.replace("2 * i", "2 * i + 1"));
    assertThat(javaagent("program.Debugger", edited.resolve("program/Hello.class").toString()))
        .isEqualTo(new Outcome(0, "42\n43\n43\n", ""));
  }

  @Test
  void leavesProxiesAlone() {
    Compiled.to(
        classes,
        """
        package program;

        import io.treadle.Async;
        import io.treadle.Treadle;
        import java.lang.reflect.Proxy;

        public class Proxied {
          public interface Service {
            @Async
            int answer();
          }

          public static void main(String[] arguments) {
            Service proxy =
                (Service)
                    Proxy.newProxyInstance(
                        Proxied.class.getClassLoader(),
                        new Class<?>[] {Service.class},
                        (p, method, a) -> 42);
            System.out.println(Treadle.<Integer, RuntimeException>run(() -> proxy.answer()));
          }
        }
        """);
    assertThat(javaagent("program.Proxied")).isEqualTo(new Outcome(0, "42\n", ""));
  }

  @Test
  void weavesInOtherClassLoaders() throws IOException {
    Compiled.to(classes, HELLO);
    Path start = Files.createDirectory(folder.resolve("start"));
    Compiled.to(
        start,
        """
        package start;

        import java.net.URL;
        import java.net.URLClassLoader;
        import java.nio.file.Files;
        import java.nio.file.Path;

        public class Start {
          static class Nameless extends ClassLoader {
            Class<?> define(byte[] bytes) {
              return defineClass(null, bytes, 0, bytes.length);
            }
          }

          public static void main(String[] arguments) throws Exception {
            Path classes = Path.of(arguments[0]);
            try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
              run(loader.loadClass("program.Hello"));
            }
            run(new Nameless().define(Files.readAllBytes(classes.resolve("program/Hello.class"))));
          }

          static void run(Class<?> program) throws Exception {
            program.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
          }
        }
        """);
    Outcome outcome =
        jvm.java(
            "-javaagent:" + ForkedJvm.AGENT,
            "-cp",
            ForkedJvm.classPath(start, Compiled.runtime()),
            "start.Start",
            classes.toString());
    assertThat(outcome).isEqualTo(new Outcome(0, "42\n42\n", ""));
  }

  @Test
  void showsNoLibraryToTheProgram() throws IOException {
    try (JarFile jar = new JarFile(ForkedJvm.AGENT.toFile())) {
      assertThat(jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class")))
          .isNotEmpty()
          .allMatch(name -> name.startsWith("io/treadle/agent/"));
      assertThat(jar.getEntry("META-INF/net.bytebuddy/build.plugins")).isNull();
    }
  }

  private Outcome javaagent(String... arguments) {
    return jvm.java(
        Stream.concat(
                Stream.of("-javaagent:" + ForkedJvm.AGENT, "-cp", path()), Arrays.stream(arguments))
            .toArray(String[]::new));
  }

  private Outcome javaJar(String... arguments) {
    return jvm.java(
        Stream.concat(Stream.of("-jar", ForkedJvm.AGENT.toString()), Arrays.stream(arguments))
            .toArray(String[]::new));
  }

  private String path() {
    return ForkedJvm.classPath(classes, Compiled.runtime());
  }
}
