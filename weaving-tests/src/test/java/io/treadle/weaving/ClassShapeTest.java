package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import java.io.IOException;
import java.io.ObjectStreamClass;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Cases 58 and 60, and the sixth guarantee: others see the class that the user wrote. */
final class ClassShapeTest {
  private static final String SOURCE =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;
      import java.io.IOException;
      import java.lang.annotation.*;
      import java.util.List;

      public class Case<T extends Comparable<T>> {
        @Retention(RetentionPolicy.RUNTIME)
        public @interface Mark {
          String value();
        }

        @Retention(RetentionPolicy.CLASS)
        public @interface Quiet {}

        @Retention(RetentionPolicy.RUNTIME)
        @Target({ElementType.TYPE_USE, ElementType.TYPE_PARAMETER})
        public @interface OnType {}

        public static int initialised = 1;

        @Async
        @Mark("method")
        @Quiet
        public <U extends Number> List<@OnType U> fetch(
            @Mark("parameter") @Quiet List<@OnType U> keys, final T other, int n)
            throws IOException, InterruptedException {
          List<U> found = Points.value(keys);
          Runnable plain = () -> initialised++;
          AsyncRunnable<IOException> async = () -> Points.pause();
          async.run();
          plain.run();
          return found;
        }

        @Async
        @Mark("static")
        protected static synchronized strictfp long count(long... all) {
          return all.length;
        }

        @Async
        private final String hidden() {
          return Points.value("x");
        }

        @Mark("plain")
        public String plain(@Mark("p") String x) {
          return x;
        }
      }
      """;

  // ------------------------------------------------------------------ members

  @ParameterizedTest
  @EnumSource
  void whatIsAddedIsSynthetic(SourceCompiler compiler) throws Exception {
    Program program = Program.compile(compiler, List.of("-parameters"), SOURCE);
    Class<?> plain = plain(program, "demo.Case");
    Class<?> woven = program.load().loadClass("demo.Case");
    assertThat(described(woven.getDeclaredMethods(), false))
        .containsExactlyInAnyOrderElementsOf(described(plain.getDeclaredMethods(), false));
    assertThat(described(woven.getDeclaredFields(), false))
        .containsExactlyInAnyOrderElementsOf(described(plain.getDeclaredFields(), false));
    assertThat(described(woven.getDeclaredConstructors(), true))
        .containsExactlyInAnyOrderElementsOf(described(plain.getDeclaredConstructors(), true));
    assertThat(woven.getDeclaredClasses()).hasSameSizeAs(plain.getDeclaredClasses());
    assertThat(woven.toGenericString()).isEqualTo(plain.toGenericString());
    assertThat(woven.getModifiers()).isEqualTo(plain.getModifiers());
    assertThat(woven.getInterfaces()).isEmpty();
  }

  private static List<String> described(Member[] members, boolean synthetic) {
    List<String> all = new ArrayList<>();
    for (Member member : members) {
      if (synthetic || !member.isSynthetic()) {
        all.add(member instanceof Method m ? m.toGenericString() : member.toString());
      }
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void parametersKeepNamesTypesAndModifiers(SourceCompiler compiler) throws Exception {
    Program program = Program.compile(compiler, List.of("-parameters"), SOURCE);
    Parameter[] plain = method(plain(program, "demo.Case"), "fetch").getParameters();
    Parameter[] woven = method(program.load().loadClass("demo.Case"), "fetch").getParameters();
    assertThat(woven).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(woven[i].isNamePresent()).isTrue();
      assertThat(woven[i].toString()).isEqualTo(plain[i].toString());
      assertThat(woven[i].getModifiers()).isEqualTo(plain[i].getModifiers());
    }
  }

  // ------------------------------------------------------------------ 58

  @ParameterizedTest
  @EnumSource
  void annotationsStayOnTheMethodOfTheUser(SourceCompiler compiler) throws Exception {
    Program program = Program.compile(compiler, SOURCE);
    Class<?> plain = plain(program, "demo.Case");
    Class<?> woven = program.load().loadClass("demo.Case");
    for (String name : List.of("fetch", "count", "hidden", "plain")) {
      Method one = method(plain, name);
      Method other = method(woven, name);
      assertThat(text(other.getAnnotations())).isEqualTo(text(one.getAnnotations())).isNotEmpty();
      assertThat(text(other.getParameterAnnotations()))
          .isEqualTo(text(one.getParameterAnnotations()));
      assertThat(text(other.getAnnotatedReturnType()))
          .isEqualTo(text(one.getAnnotatedReturnType()));
      assertThat(text(other.getAnnotatedParameterTypes()))
          .isEqualTo(text(one.getAnnotatedParameterTypes()));
    }
    assertThat(woven.getAnnotations()).isEmpty(); // the mark is in the class file only
  }

  @ParameterizedTest
  @EnumSource
  void annotationsAreNotCopied(SourceCompiler compiler) throws Exception {
    Class<?> woven = Program.compile(compiler, SOURCE).load().loadClass("demo.Case");
    int added = 0;
    for (Method method : woven.getDeclaredMethods()) {
      if (method.isSynthetic()) {
        added++;
        assertThat(method.getAnnotations()).as(method.toString()).isEmpty();
        for (Annotation[] parameter : method.getParameterAnnotations()) {
          assertThat(parameter).as(method.toString()).isEmpty();
        }
      }
    }
    assertThat(added).isGreaterThan(6);
  }

  private static String text(Object any) {
    return Arrays.deepToString(new Object[] {any}).replaceAll("@[0-9a-f]+\\b", "");
  }

  // ------------------------------------------------------------------ lines

  /** Coverage and steps of a debugger: each line is in one method, and it is not the stub. */
  @ParameterizedTest
  @EnumSource
  void eachLineIsInTheBodyAndNowhereElse(SourceCompiler compiler) {
    Program program = Program.compile(compiler, SOURCE);
    byte[] plain = program.classFiles().get("demo/Case");
    byte[] woven = program.weave().classFiles().get("demo/Case");
    assertThat(lines(woven)).isEqualTo(lines(plain));
  }

  private static List<Integer> lines(byte[] classFile) {
    List<Integer> all = new ArrayList<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String desc, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitLineNumber(int line, Label start) {
                    all.add(line);
                  }
                };
              }
            },
            0);
    all.sort(null);
    return all;
  }

  // ------------------------------------------------------------------ serialVersionUID

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class X implements java.io.Serializable",
        "abstract class X implements java.io.Serializable, Comparable<X>",
        "public class X extends Throwable",
        "final class X extends java.util.ArrayList<String>",
        "interface X extends java.io.Serializable",
        "enum X",
        "record X(int r) implements java.io.Serializable"
      })
  void defaultSerialVersionStays(String declaration) throws Exception {
    String members =
        declaration.startsWith("interface")
            ? """
              int CONSTANT = "a".length();
              @Async String direct(int x);
              @Async default String other(int x) { return Points.value("x"); }
              """
            : """
              static int q = 5;
              public static final Object ME = null;
              protected static transient String p;
              @Async public void direct() { Points.pause(); }
              @Async private void hidden() {}
              @Async static void ofClass() {}
              @Async protected Object lambda() throws Exception {
                AsyncCallable<String, Exception> c = () -> Points.value("");
                Runnable r = () -> q++;
                return c.call();
              }
              public int compareTo(X x) { return 0; }
              """;
    if (declaration.startsWith("enum")) {
      members = ";" + members.replace("compareTo", "compares");
    }
    Program program =
        Program.compile(
            SourceCompiler.JAVAC,
            "import io.treadle.*; import io.treadle.weaving.harness.Points;"
                + declaration
                + "{"
                + members
                + "}");
    ObjectStreamClass woven = ObjectStreamClass.lookup(program.load().loadClass("X"));
    assertThat(woven.getSerialVersionUID())
        .isEqualTo(ObjectStreamClass.lookup(plain(program, "X")).getSerialVersionUID());
  }

  @Test
  void declaredSerialVersionStays() throws Exception {
    Program program =
        Program.compile(
            SourceCompiler.JAVAC,
            """
            class X implements java.io.Serializable {
              private static final long serialVersionUID = 42;
              @io.treadle.Async void f() {}
            }
            """);
    Class<?> woven = program.load().loadClass("X");
    assertThat(ObjectStreamClass.lookup(woven).getSerialVersionUID()).isEqualTo(42);
    assertThat(Arrays.stream(woven.getDeclaredFields()).map(Field::getName))
        .containsExactly("serialVersionUID");
  }

  // ------------------------------------------------------------------ 60

  private static final String CALLED =
      """
      package demo;

      import io.treadle.*;
      import io.treadle.weaving.harness.Points;
      import java.lang.reflect.*;
      import java.util.*;
      import java.util.concurrent.CompletableFuture;

      public class Case {
        public interface Fetcher {
          @Async
          String fetch(int x);

          @Async
          default String twice(int x) {
            return fetch(x) + Points.value(2) + fetch(x);
          }
        }

        @Async
        public static String direct(int x) {
          return Points.value("direct");
        }

        @Async
        public static CompletableFuture<String> future(int x) {
          return CompletableFuture.completedFuture("future" + x);
        }

        static List<String> calls = new ArrayList<>();

        static Fetcher proxy() {
          return (Fetcher) Proxy.newProxyInstance(
              Case.class.getClassLoader(),
              new Class<?>[] {Fetcher.class},
              (proxy, method, arguments) -> {
                calls.add(method.getName() + Arrays.toString(arguments));
                return method.isDefault()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : "answer";
              });
        }

        @Async
        static String run() throws Exception {
          Fetcher fetcher = proxy();
          AsyncFunction<Integer, String, Exception> reference = fetcher::fetch;
          return Points.value(fetcher.fetch(1)) + reference.apply(2) + calls;
        }

        @Async
        static String twice() {
          return proxy().twice(3) + calls;
        }
      }
      """;

  @Test
  void reflectionAndMethodHandlesReachTheStub() throws Throwable {
    Class<?> woven = Program.compile(SourceCompiler.JAVAC, CALLED).load().loadClass("demo.Case");
    Method direct = woven.getMethod("direct", int.class);
    assertThatThrownBy(() -> direct.invoke(null, 1))
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("demo.Case.direct(int) is @Async");
    MethodHandle handle =
        MethodHandles.publicLookup()
            .findStatic(woven, "direct", MethodType.methodType(String.class, int.class));
    assertThatThrownBy(() -> handle.invoke(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("demo.Case.direct(int) is @Async");
    Object future = woven.getMethod("future", int.class).invoke(null, 2);
    assertThat((CompletableFuture<?>) future).isCompletedWithValueMatching("future2"::equals);
  }

  /** The JDK's proxies override the twin too: the handler must still see what the user calls. */
  @ParameterizedTest
  @EnumSource
  void proxyHandlerSeesThePlainCallOnce(SourceCompiler compiler) {
    Program program = Program.compile(compiler, CALLED);
    assertThat(program.agree("demo.Case").returned()).isEqualTo("answeranswer[fetch[1], fetch[2]]");
    assertThat(program.woven("demo.Case", "twice", Schedule.READY))
        .isEqualTo(program.plain("demo.Case", "twice"));
  }

  @ParameterizedTest
  @EnumSource
  void suspensionBelowAProxyHandlerFails(SourceCompiler compiler) {
    Program program = Program.compile(compiler, CALLED);
    assertThat(program.woven("demo.Case", "twice", Schedule.SUSPENDED).thrown())
        .contains("IllegalStateException", "cannot suspend here", "twice(int)", "Proxy");
  }

  // ------------------------------------------------------------------

  private static Class<?> plain(Program program, String name) throws ClassNotFoundException {
    return Class.forName(name, false, program.loadPlain());
  }

  private static Method method(Class<?> type, String name) throws IOException {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(m -> m.getName().equals(name) && !m.isSynthetic())
        .findFirst()
        .orElseThrow(() -> new IOException(name));
  }
}
