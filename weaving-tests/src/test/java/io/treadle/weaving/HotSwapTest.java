package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.treadle.Continuation;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.SourceCompiler;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Case 73: a debugger replaces the body of a method. */
final class HotSwapTest {
  private static final Instrumentation INSTRUMENTATION = ByteBuddyAgent.install();

  private static Program version(String body, String lambda) {
    return Program.compile(
        SourceCompiler.JAVAC,
        """
        package demo;

        import io.treadle.*;

        public class Case {
          public static String result;
          static int n;

          public static Continuation start() {
            return Continuation.of(() -> result = outer("x"));
          }

          @Async
          static String outer(String s) {
            int local = 3;
            return "(" + inner(s + local) + ")" + local;
          }

          @Async
          static String inner(String s) {
            BODY
          }

          @Async
          public String instance(long x) {
            LAMBDA
          }
        }
        """
            .replace("BODY", body)
            .replace("LAMBDA", lambda));
  }

  private static final String BEFORE = "Continuation.pause(); return s + 1;";

  /** A new body, and what it returns. */
  private record Edit(String body, String lambda, boolean same, String result) {}

  static Stream<Edit> edits() {
    return Stream.of(
        new Edit("Continuation.pause(); return s + 2;", "return \"\";", false, "(x32)3"),
        new Edit("return s + \"none\";", "return \"\";", false, "(x3none)3"),
        new Edit(
            "Continuation.pause(); Continuation.pause(); n++; return s + n;",
            "Continuation.pause(); return \"\";",
            false,
            "(x31)3"),
        new Edit(
            "for (int i = 0; i < 3; i++) { try { Continuation.pause(); } finally { n++; } }"
                + " return s + n;",
            "return \"\" + x;",
            false,
            "(x33)3"),
        new Edit("\n\nContinuation.pause();\n\nreturn s + 1;", "return \"\";", true, "(x31)3"));
  }

  @ParameterizedTest
  @MethodSource("edits")
  void bodiesMayBeReplaced(Edit edit) throws Exception {
    Program before = version(BEFORE, "return \"old\";");
    Program after = version(edit.body, edit.lambda);
    byte[] woven = after.weave().classFiles().get("demo/Case");
    assertThat(members(woven)).isEqualTo(members(before.weave().classFiles().get("demo/Case")));

    Class<?> type = before.load().loadClass("demo.Case");
    Continuation suspended = start(type);
    suspended.run();
    INSTRUMENTATION.redefineClasses(new ClassDefinition(type, woven));

    Continuation fresh = start(type);
    while (!fresh.isDone()) {
      fresh.run();
    }
    assertThat(type.getField("result").get(null)).isEqualTo(edit.result);

    type.getField("result").set(null, null);
    if (edit.same) { // other lines, but the same code
      suspended.run();
      assertThat(type.getField("result").get(null)).isEqualTo(edit.result);
    } else {
      assertThatIllegalStateException()
          .isThrownBy(suspended::run)
          .withMessageContaining("redefined while it was suspended at demo.Case.inner(Case.java:")
          .withMessageContaining("start the call again");
      assertThat(type.getField("result").get(null)).isNull();
    }
    assertThat(suspended.isDone()).isTrue();
  }

  private static Continuation start(Class<?> type) throws Exception {
    Method start = type.getMethod("start");
    return (Continuation) start.invoke(null);
  }

  private static Set<String> members(byte[] classFile) {
    Set<String> members = new TreeSet<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String desc, String signature, String[] exceptions) {
                members.add(
                    access
                        + " "
                        + name
                        + desc
                        + List.of(exceptions == null ? new String[0] : exceptions));
                return null;
              }
            },
            0);
    return members;
  }
}
