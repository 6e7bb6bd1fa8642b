package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.Continuation;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ModuleVisitor;
import org.objectweb.asm.Opcodes;

/** Woven classes in named modules, which see of others what these export. */
final class ModulesTest {
  private static final String LIBRARY =
      """
      package lib.api;

      import io.treadle.*;

      public interface Source<T> {
        @Async
        T next() throws Exception;

        @Async
        default T second() throws Exception {
          next();
          Continuation.pause();
          return next();
        }

        static Source<String> of(String text) {
          return new lib.internal.Hidden(text);
        }
      }
      """;
  private static final String HIDDEN =
      """
      package lib.internal;

      import io.treadle.*;

      public class Hidden implements lib.api.Source<String> {
        private final String text;
        private int n;

        public Hidden(String text) {
          this.text = text;
        }

        @Override
        @Async
        public String next() {
          Continuation.pause();
          return text + n++;
        }
      }
      """;
  private static final String APPLICATION =
      """
      package app;

      import io.treadle.*;
      import lib.api.Source;

      public class Main {
        public static String result;

        public static Continuation start() {
          return Continuation.of(() -> {
            Source<String> lambda = () -> {
              Continuation.pause();
              return "lambda";
            };
            Source<String> hidden = Source.of("hidden");
            AsyncCallable<String, Exception> reference = hidden::next;
            result = lambda.next() + hidden.second() + reference.call() + lambda.second();
          });
        }
      }
      """;

  private static void write(Path folder, Map<String, byte[]> classFiles, String prefix)
      throws Exception {
    for (Map.Entry<String, byte[]> file : classFiles.entrySet()) {
      if (file.getKey().startsWith(prefix)) {
        Path path = folder.resolve(file.getKey() + ".class");
        Files.createDirectories(path.getParent());
        Files.write(path, file.getValue());
      }
    }
  }

  /** A module that reads the given one; the runtime is on the class path of the tests. */
  private static void module(Path folder, String name, String exported, List<String> required)
      throws Exception {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_MODULE, "module-info", null, null, null);
    ModuleVisitor module = writer.visitModule(name, 0, null);
    module.visitRequire("java.base", Opcodes.ACC_MANDATED, null);
    required.forEach(r -> module.visitRequire(r, 0, null));
    module.visitExport(exported, 0);
    module.visitEnd();
    writer.visitEnd();
    Files.createDirectories(folder);
    Files.write(folder.resolve("module-info.class"), writer.toByteArray());
  }

  @Test
  void lambdasAndTwinsAcrossModules(@TempDir Path folder) throws Exception {
    Program program = Program.compile(SourceCompiler.JAVAC, LIBRARY, HIDDEN, APPLICATION);
    assertThat(program.weave().diagnostics()).isEmpty();
    Map<String, byte[]> woven = program.weave().classFiles();
    Path library = folder.resolve("library");
    Path application = folder.resolve("application");
    module(library, "lib", "lib/api", List.of());
    module(application, "app", "app", List.of("lib"));
    write(library, woven, "lib/");
    write(application, woven, "app/");

    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(library, application), ModuleFinder.of(), Set.of("app"));
    ModuleLayer.Controller layer =
        ModuleLayer.defineModulesWithOneLoader(
            configuration, List.of(ModuleLayer.boot()), getClass().getClassLoader());
    Module runtime = Continuation.class.getModule();
    layer.layer().modules().forEach(module -> layer.addReads(module, runtime));

    Class<?> main = layer.layer().findLoader("app").loadClass("app.Main");
    assertThat(main.getModule().getName()).isEqualTo("app");
    Continuation continuation = (Continuation) main.getMethod("start").invoke(null);
    while (!continuation.isDone()) {
      continuation.run();
    }
    assertThat(main.getField("result").get(null)).isEqualTo("lambdahidden1hidden2lambda");
  }
}
