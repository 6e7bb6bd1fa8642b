package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.weaving.harness.Outcome;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.Schedule;
import io.treadle.weaving.harness.SourceCompiler;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Serializable async lambdas are written and read like others. */
final class SerializationTest {
  private static String source(String expression) {
    return """
        package demo;

        import io.treadle.*;
        import io.treadle.weaving.harness.Points;
        import java.io.*;
        import java.util.function.*;

        public class Case implements Serializable {
          private static final long serialVersionUID = 1;

          interface Call<T> extends AsyncCallable<T, Exception>, Serializable {}
          interface OtherCall<T> extends Call<T> {}
          interface Function<A, B> extends AsyncFunction<A, B, Exception>, Serializable {}
          interface Plain extends Supplier<String>, Serializable {}
          interface Marker {}

          final int k = 5;

          @Async
          int instance(int x) {
            return Points.value(x) + k;
          }

          @Async
          private int hidden() {
            return Points.value(k);
          }

          @Async
          static int ofClass(int x) {
            return Points.value(x) + 1;
          }

          @SuppressWarnings("unchecked")
          static <T> T copy(T x) throws Exception {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
              out.writeObject(x);
            }
            return (T) read(bytes.toByteArray());
          }

          static Object read(byte[] bytes) throws Exception {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes)) {
              @Override
              protected Class<?> resolveClass(ObjectStreamClass type)
                  throws IOException, ClassNotFoundException {
                try {
                  return Class.forName(type.getName(), false, Case.class.getClassLoader());
                } catch (ClassNotFoundException e) {
                  return super.resolveClass(type);
                }
              }
            }) {
              return in.readObject();
            }
          }

          @Async
          String call(String s, int i, long l) throws Exception {
            EXPRESSION
          }

          @Async
          static String run() throws Exception {
            return new Case().call("s", 1, 2);
          }

          static byte[] write() throws Exception {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
              out.writeObject(new Object[] {new Case().lambda("s"), new Case().reference()});
            }
            return bytes.toByteArray();
          }

          Call<String> lambda(String s) {
            return () -> Points.value(s) + k;
          }

          Function<Integer, Integer> reference() {
            return this::instance;
          }

          static byte[] stored;

          @Async
          @SuppressWarnings("unchecked")
          static String readStored() throws Exception {
            Object[] both = (Object[]) read(stored);
            return ((Call<String>) both[0]).call() + ((Function<Integer, Integer>) both[1]).apply(1);
          }
        }
        """
        .replace("EXPRESSION", expression);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Call<String> c = () -> Points.value(s) + i + l; return copy(c).call();",
        "Call<Integer> c = () -> Points.value(k) + hidden() + i; return \"\" + copy(c).call();",
        "Call<String> c = () -> Points.value(s); return copy(copy(copy(c))).call();",
        "Call<String> c = () -> { Call<String> d = () -> s + Points.value(1); return copy(d).call(); };"
            + " return copy(c).call();",
        "Function<Integer, Integer> f = this::instance; return \"\" + copy(f).apply(i);",
        "Function<Integer, Integer> f = Case::ofClass; return \"\" + copy(copy(f)).apply(i);",
        "Function<Case, Integer> f = Case::hidden; return \"\" + copy(f).apply(this);",
        "Function<String, StringBuilder> f = StringBuilder::new; return \"\" + copy(f).apply(s);",
        "Plain p = () -> s + i; return copy(p).get();",
        "AsyncCallable<String, Exception> c ="
            + " (AsyncCallable<String, Exception> & Serializable & Marker) () -> Points.value(s);"
            + " AsyncCallable<String, Exception> d = copy(c);"
            + " return d.call() + (d instanceof Marker);",
        "Call<String> a = () -> Points.value(\"x\"); OtherCall<String> b = () -> Points.value(\"x\");"
            + " return copy(a).call() + copy(b).call()"
            + " + (copy(a) instanceof OtherCall) + (copy(b) instanceof OtherCall);",
      })
  void lambdasAndReferencesGoRound(String expression) {
    for (SourceCompiler compiler : SourceCompiler.values()) {
      for (String debug : List.of("-g", "-g:none")) {
        assertThat(
                Program.compile(compiler, List.of(debug), source(expression))
                    .agree("demo.Case")
                    .thrown())
            .isNull();
      }
    }
  }

  /** The reader is another JVM, say: it has not made such a lambda yet. */
  @ParameterizedTest
  @EnumSource
  void lambdasAreReadWhereNoneWasMade(SourceCompiler compiler) throws Exception {
    Program program = Program.compile(compiler, source("return s;"));
    byte[] written = write(program.load());
    assertThat(readBack(program.load(), written, Schedule.SUSPENDED)).isEqualTo("s56");
  }

  /** The stream is from before the program was woven. */
  @ParameterizedTest
  @EnumSource
  void lambdasWrittenByTheUnwovenClassAreRead(SourceCompiler compiler) throws Exception {
    Program program = Program.compile(compiler, source("return s;"));
    byte[] written = write(program.loadPlain());
    for (Schedule schedule : Schedule.ALL) {
      assertThat(readBack(program.load(), written, schedule)).isEqualTo("s56");
    }
  }

  private static byte[] write(ClassLoader loader) throws ReflectiveOperationException {
    var write = loader.loadClass("demo.Case").getDeclaredMethod("write");
    write.setAccessible(true);
    return (byte[]) write.invoke(null);
  }

  private static String readBack(ClassLoader loader, byte[] written, Schedule schedule)
      throws ReflectiveOperationException {
    var stored = loader.loadClass("demo.Case").getDeclaredField("stored");
    stored.setAccessible(true);
    stored.set(null, written);
    Outcome outcome = Program.woven(loader, "demo.Case", "readStored", schedule);
    assertThat(outcome.thrown()).isNull();
    return outcome.returned();
  }
}
