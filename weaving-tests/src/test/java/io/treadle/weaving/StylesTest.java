package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.continuation.Coroutine;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ninth guarantee: the topmost method decides the style, and its overrides keep it. */
final class StylesTest {
  private static final String TYPES =
      """
      package demo;

      import io.treadle.*;
      import java.util.concurrent.*;

      interface Direct<T> {
        @Async
        T get();
      }

      interface Future<T> {
        @Async
        CompletionStage<T> get();
      }

      abstract class Plain<T> {
        abstract T get();
      }

      class DirectObject {
        @Async
        Object get() {
          return null;
        }
      }
      """;

  /** A class, and whether its {@code get()} is direct. */
  static Stream<Arguments> legal() {
    return Stream.of(
        Arguments.of(
            "@Async public String get() { return null; }", "implements Direct<String>", true),
        Arguments.of(
            "@Async public CompletableFuture<String> get() { return null; }",
            "implements Future<String>",
            false),
        Arguments.of(
            "@Async public Task<String> get() { return null; }",
            "implements Future<String>",
            false),
        Arguments.of("@Async Task<String> get() { return null; }", "", false),
        Arguments.of("@Async CompletionStage<String> get() { return null; }", "", false),
        Arguments.of("@Async void get() {}", "", true),
        Arguments.of("@Async CompletableFuture<?>[] get() { return null; }", "", true),
        // What is overridden is not async.
        Arguments.of("@Async String get() { return null; }", "extends Plain<String>", true),
        Arguments.of(
            "@Async CompletableFuture<?> get() { return null; }",
            "extends Plain<CompletableFuture<?>>",
            false));
  }

  @ParameterizedTest
  @MethodSource("legal")
  void styleIsThatOfTheTopmostMethod(String method, String parents, boolean direct)
      throws Exception {
    for (SourceCompiler compiler : SourceCompiler.values()) {
      String source =
          "package demo; import io.treadle.*; import java.util.concurrent.*; class Case "
              + parents
              + " { "
              + method
              + " }";
      Program program = Program.compile(compiler, TYPES, source);
      Class<?> woven = program.load().loadClass("demo.Case");
      assertThat(hasTwin(woven)).isEqualTo(direct);
    }
  }

  private static boolean hasTwin(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(
            m ->
                m.getName().equals("get")
                    && List.of(m.getParameterTypes()).contains(Coroutine.class));
  }

  static Stream<Arguments> illegal() {
    return Stream.of(
        Arguments.of(
            "abstract class Case extends Plain<String> implements Direct<String> {"
                + " public abstract String get(); }",
            "@Async"),
        Arguments.of("class Case extends DirectObject { Object get() { return 1; } }", "@Async"),
        Arguments.of(
            "class Case implements Direct<String> { public String get() { return null; } }",
            "@Async"),
        // A type argument makes it a future; the topmost method decides, and it is direct.
        Arguments.of(
            "class Case implements Direct<java.util.concurrent.CompletableFuture<String>> {"
                + " @Async public java.util.concurrent.CompletableFuture<String> get() {"
                + " return null; } }",
            "style"),
        Arguments.of(
            "class Case extends DirectObject {"
                + " @Async java.util.concurrent.CompletionStage<?> get() { return null; } }",
            "style"),
        Arguments.of(
            "interface Case extends Direct<java.util.concurrent.CompletionStage<String>>,"
                + " Future<String> { @Async java.util.concurrent.CompletionStage<String> get(); }",
            "style"));
  }

  @ParameterizedTest
  @MethodSource("illegal")
  void overrideThatChangesTheStyleIsAnError(String source, String word) {
    for (SourceCompiler compiler : SourceCompiler.values()) {
      Program program =
          Program.compile(compiler, TYPES, "package demo; import io.treadle.*; " + source);
      assertThat(program.weave().messages())
          .anySatisfy(
              message ->
                  assertThat(message)
                      .startsWith("demo/Case.java")
                      .contains("error", "get()", word));
    }
  }
}
