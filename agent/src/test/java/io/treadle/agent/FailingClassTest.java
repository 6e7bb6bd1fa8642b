package io.treadle.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.WeavingError;
import io.treadle.continuation.Coroutine;
import io.treadle.instrumenter.Diagnostic;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailingClassTest {
  @TempDir Path folder;

  @Test
  void failsInTheMethodThatHasTheLine() throws Exception {
    Class<?> type =
        failing(
            """
            public class A {
              static int f() {
                int i = 0;
                return i; // 4
              }
              static int g() { return 1; }
            }
            """,
            error(4, "one"),
            warning(6));
    assertThatThrownBy(() -> call(type, "f"))
        .isInstanceOf(WeavingError.class)
        .hasMessage("A.java:4: error: one")
        .satisfies(e -> assertThat(e.getStackTrace()[0].getLineNumber()).isEqualTo(4));
    assertThat(call(type, "g")).isEqualTo(1);
  }

  @Test
  void failsInEveryAsyncMethodWhereTheLineIsUnknown() throws Exception {
    Class<?> type =
        failing(
            """
            public class A {
              static int f() { return 1; }
              @io.treadle.Async static int g() { return 2; } // 3
              @io.treadle.Async static int h() { return 3; }
            }
            """,
            error(0, "one"),
            error(3, "two"));
    assertThat(call(type, "f")).isEqualTo(1);
    assertThatThrownBy(() -> call(type, "g"))
        .hasMessage("A.java: error: one\nA.java:3: error: two");
    assertThatThrownBy(() -> call(type, "h")).hasMessage("A.java: error: one");
  }

  @Test
  void failsInEveryAsyncMethodAndItsTwinWhenNothingCanBeWoven() throws Exception {
    Compiled.to(
        folder,
        """
        public abstract class A {
          static int f() { return 1; }
          @io.treadle.Async static int g(long l) { return 2; } // 3
          @io.treadle.Async abstract int h();
          @io.treadle.Async static java.util.concurrent.CompletableFuture<?> i() { return null; }
        }
        """);
    Class<?> type = load(FailingClass.everywhere(bytes(), List.of(error(3, "one"))));
    assertThat(call(type, "f")).isEqualTo(1);
    assertThatThrownBy(() -> call(type, "g", long.class)).hasMessage("A.java:3: error: one");
    assertThatThrownBy(() -> call(type, "g", long.class, Coroutine.class))
        .hasMessage("A.java:3: error: one");
    assertThatThrownBy(() -> call(type, "i")).hasMessage("A.java:3: error: one");
    assertThat(type.getDeclaredMethods())
        .filteredOn(Method::isSynthetic)
        .extracting(Method::getName)
        .containsExactlyInAnyOrder("g", "h");
  }

  @Test
  void failsInTheMethodAroundALineWithoutCode() throws Exception {
    Class<?> type =
        failing(
            """
            public class A {
              static int f() {
                int i = 0;
                // nothing is compiled from line 4
                return i;
              }
              static int g() { return 1; }
            }
            """,
            error(4, "one"));
    assertThatThrownBy(() -> call(type, "f")).isInstanceOf(WeavingError.class);
    assertThat(call(type, "g")).isEqualTo(1);
  }

  @Test
  void failsInALambda() throws Exception {
    Class<?> type =
        failing(
            """
            public class A implements java.util.concurrent.Callable<Integer> {
              java.util.concurrent.Callable<Integer> lambda =
                  () -> {
                    return 4; // 4
                  };
              public Integer call() throws Exception { return lambda.call(); }
            }
            """,
            error(4, "one"));
    Callable<?> instance = (Callable<?>) type.getConstructor().newInstance();
    assertThatThrownBy(instance::call).hasMessage("A.java:4: error: one");
  }

  @Test
  void failsInConstructorsInitializersAndNativeMethods() throws Exception {
    Class<?> constructed =
        failing("public class A {\n public A() { this(2); }\n public A(int i) {} }", error(2, "c"));
    assertThatThrownBy(() -> constructed.getConstructor().newInstance())
        .hasCause(new WeavingError("A.java:2: error: c"));
    assertThatCode(() -> constructed.getConstructor(int.class).newInstance(1))
        .doesNotThrowAnyException();

    Class<?> initialized =
        failing("public class A {\n static Object o = new Object();\n}", error(2, "i"));
    assertThatThrownBy(() -> initialized.getConstructor().newInstance())
        .isInstanceOf(WeavingError.class);

    Class<?> nativeClass =
        failing("public class A { @io.treadle.Async native static int f(); }", error(0, "n"));
    assertThatThrownBy(() -> call(nativeClass, "f")).hasMessage("A.java: error: n");
  }

  @Test
  void leavesAClassAloneWhenNoMethodIsToBlame() {
    Compiled.to(folder, "public class A { void f() {} }");
    byte[] bytes = bytes();
    assertThat(FailingClass.where(bytes, List.of(error(0, "one")))).isSameAs(bytes);
    assertThat(FailingClass.everywhere(bytes, List.of(error(0, "one")))).isSameAs(bytes);
  }

  @Test
  void cutsAMessageThatIsTooLongForAConstant() throws Exception {
    Class<?> type =
        failing("public class A { static void f() {} }", error(1, "\u20AC".repeat(100_000)));
    assertThatThrownBy(() -> call(type, "f")).isInstanceOf(WeavingError.class);
  }

  @Test
  void tellsWhatHasASourceFile() {
    Compiled.to(folder, "public class A {}");
    assertThat(FailingClass.hasSource(bytes())).isTrue();
  }

  private Class<?> failing(String source, Diagnostic... diagnostics) {
    Compiled.to(folder, source);
    return load(FailingClass.where(bytes(), Arrays.asList(diagnostics)));
  }

  private byte[] bytes() {
    return Compiled.bytes(folder, "A");
  }

  private static Class<?> load(byte[] classFile) {
    return new ClassLoader() {
      Class<?> define() {
        return defineClass("A", classFile, 0, classFile.length);
      }
    }.define();
  }

  private static Object call(Class<?> type, String method, Class<?>... parameters)
      throws Exception {
    Method found = type.getDeclaredMethod(method, parameters);
    found.setAccessible(true);
    Object[] arguments =
        Arrays.stream(parameters).map(p -> p.isPrimitive() ? (Object) 0 : null).toArray();
    try {
      return found.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw (Error) e.getCause();
    }
  }

  private static Diagnostic error(int line, String message) {
    return new Diagnostic(Diagnostic.Severity.ERROR, "A.java", line, message);
  }

  private static Diagnostic warning(int line) {
    return new Diagnostic(Diagnostic.Severity.WARNING, "A.java", line, "warning");
  }
}
