package io.treadle.instrumenter.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.AsyncMethods;
import io.treadle.instrumenter.Program;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StylesTest {
  private static @Nullable AsyncStyle style(
      Program program, String owner, String name, String descriptor) {
    Hierarchy hierarchy = new Hierarchy(program, AsyncMethods.ANNOTATED);
    return new Styles(hierarchy)
        .of(Objects.requireNonNull(hierarchy.resolve(owner, name, descriptor)));
  }

  private static Program program(String members) {
    return Program.of(
        "package p; import io.treadle.*; import java.util.concurrent.*; class A { "
            + members
            + " }");
  }

  @Test
  void theDeclaredReturnTypeDecides() {
    assertThat(AsyncStyle.declared("()Ljava/util/concurrent/CompletableFuture;"))
        .isEqualTo(AsyncStyle.FUTURE);
    assertThat(AsyncStyle.declared("()Ljava/util/concurrent/CompletionStage;"))
        .isEqualTo(AsyncStyle.FUTURE);
    assertThat(AsyncStyle.declared("()Lio/treadle/Task;")).isEqualTo(AsyncStyle.FUTURE);
    assertThat(AsyncStyle.declared("()Ljava/util/concurrent/Future;")).isEqualTo(AsyncStyle.DIRECT);
    assertThat(AsyncStyle.declared("()[Lio/treadle/Task;")).isEqualTo(AsyncStyle.DIRECT);
    assertThat(AsyncStyle.declared("()V")).isEqualTo(AsyncStyle.DIRECT);
    assertThat(AsyncStyle.declared("()J")).isEqualTo(AsyncStyle.DIRECT);
  }

  @Test
  void whatIsNotAsyncHasNoStyle() {
    Program program = program("CompletableFuture<String> f() { return null; }");
    assertThat(style(program, "p/A", "f", "()Ljava/util/concurrent/CompletableFuture;")).isNull();
  }

  @Test
  void theTopmostMethodDecidesForAllOverrides() {
    Program program =
        program(
            """
            interface I<T> { @Async T get(); }
            static class B implements I<CompletableFuture<String>> {
              @Async public CompletableFuture<String> get() { return null; }
            }
            static class C extends B {
              @Async public CompletableFuture<String> get() { return null; }
            }
            """);
    String descriptor = "()Ljava/util/concurrent/CompletableFuture;";
    assertThat(style(program, "p/A$I", "get", "()Ljava/lang/Object;")).isEqualTo(AsyncStyle.DIRECT);
    assertThat(style(program, "p/A$B", "get", descriptor)).isEqualTo(AsyncStyle.DIRECT);
    assertThat(style(program, "p/A$C", "get", descriptor)).isEqualTo(AsyncStyle.DIRECT);
  }

  @Test
  void aMethodThatIsNotAsyncDoesNotDecide() {
    Program program =
        program(
            """
            interface J extends Callable<String> { @Async String call(); }
            interface K { Object get(); }
            static class B implements K {
              @Async public CompletableFuture<String> get() { return null; }
            }
            """);
    assertThat(style(program, "p/A$J", "call", "()Ljava/lang/String;"))
        .isEqualTo(AsyncStyle.DIRECT);
    assertThat(style(program, "p/A$B", "get", "()Ljava/util/concurrent/CompletableFuture;"))
        .isEqualTo(AsyncStyle.FUTURE);
  }

  @Test
  void aBridgeHasTheStyleOfWhatItForwardsTo() {
    Program program =
        program(
            """
            interface I<T> { @Async T get(T t); }
            static class B implements I<String> {
              @Async public String get(String s) { return s; }
            }
            """);
    assertThat(style(program, "p/A$B", "get", "(Ljava/lang/Object;)Ljava/lang/Object;"))
        .isEqualTo(AsyncStyle.DIRECT);
  }

  @Test
  void theBridgeOfAPlainMethodIsPlainThoughItImplementsAnAsyncOne() {
    Program program =
        program(
            """
            interface I<T> { @Async T get(T t); }
            static class B implements I<String> {
              public String get(String s) { return s; }
            }
            """);
    assertThat(style(program, "p/A$B", "get", "(Ljava/lang/Object;)Ljava/lang/Object;")).isNull();
  }

  @Test
  void overridesAreFoundThroughBridges() {
    Program program =
        program(
            """
            interface I<T> { @Async T get(T t); }
            static class B implements I<String> {
              public String get(String s) { return s; }
            }
            """);
    Hierarchy hierarchy = new Hierarchy(program, AsyncMethods.ANNOTATED);
    MethodHeader get =
        Objects.requireNonNull(
            hierarchy.resolve("p/A$B", "get", "(Ljava/lang/String;)Ljava/lang/String;"));
    assertThat(new Styles(hierarchy).overriddenAsync(get))
        .extracting(MethodHeader::owner)
        .isEqualTo(List.of("p/A$I"));
  }

  @Test
  void thePredicateMayChooseMethodsWithoutAnAnnotation() {
    Program program = program("void suspendable() {}");
    AsyncMethods byName = (owner, access, name, descriptor, annotated) -> name.startsWith("susp");
    Hierarchy hierarchy = new Hierarchy(program, byName);
    assertThat(new Styles(hierarchy).isDirect(hierarchy.resolve("p/A", "suspendable", "()V")))
        .isTrue();
    assertThat(new Styles(hierarchy).isDirect(null)).isFalse();
  }
}
