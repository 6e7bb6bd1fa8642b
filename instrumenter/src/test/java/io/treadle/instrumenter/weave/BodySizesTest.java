package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Diagnosed;
import io.treadle.instrumenter.Program;
import io.treadle.instrumenter.Result;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;

class BodySizesTest {
  /** Live variables make the code at each suspension long. */
  private static String body(int suspensions, int variables) {
    StringBuilder text = new StringBuilder();
    StringBuilder sum = new StringBuilder("0");
    for (int i = 0; i < variables; i++) {
      text.append("long v").append(i).append(" = System.nanoTime();");
      sum.append(" + v").append(i);
    }
    text.append("sleep(Duration.ZERO);".repeat(suspensions));
    return text.append("return ").append(sum).append(";").toString();
  }

  @Test
  void aBodyThatNoLongerFitsIsAnErrorAndHidesNothing() {
    String source =
        """
        class A {
          @Async long f(int i) {
            %1$s // error
          }
          @Async CompletableFuture<Long> g() {
            AsyncCallable<Long, Exception> c = () -> {
              %1$s // error
            };
            return null;
          }
          @Async void h() throws Exception {
            Thread.sleep(1); // warning
          }
        }
        """
            .formatted(body(700, 5));
    assertThat(check(source).messages())
        .anyMatch(m -> m.startsWith("f(int) has more than 65535 bytes"))
        .anyMatch(m -> m.startsWith("a lambda in g has more than 65535 bytes"));
    Program program = Diagnosed.compile(source);
    Result result = program.weave("p/A");
    assertThat(result.woven()).isFalse();
    assertThat(result.bytes()).isSameAs(program.bytes("p/A"));
  }

  @Test
  void aBodyThatTheJvmWillNotCompileIsReported() {
    String source =
        """
        class A {
          @Async long f(String s) {
            %s // warning
          }
          @Async long g() {
            %s
          }
        }
        """
            .formatted(body(150, 5), body(5, 5));
    check(source).says("f(String) has", "bytes of code once it is woven", "never compiles");
    Diagnosed.compile(source).woven().load();
  }

  @Test
  void aBodyThatTheJvmWouldNotHaveCompiledAnywayIsFine() {
    String source =
        "class A { @Async long f() { long x = 0; "
            + "x += System.nanoTime();".repeat(2000)
            + body(1, 1)
            + " } }";
    assertThat(Diagnosed.compile(source).diagnostics()).isEmpty();
  }

  @Test
  void jumpsOfMoreThan32767BytesAreWidened() {
    Diagnosed.compile(
            "class A { @Async long f(boolean b) {\nwhile (b) { b = !b; "
                + body(250, 5).replace("return", "if (b) return")
                + " } return 0; } }")
        .woven()
        .load();
  }

  @Test
  void theSizeOfCodeIsThatOfTheClassFile() {
    byte[] bytes =
        Diagnosed.compile(
                """
                class A {
                  static final int CONSTANT = 5;
                  @Deprecated String field;
                  int f() { return 0; }
                  native int g();
                  static void h() { Runnable r = A::h; }
                }
                """)
            .bytes("p/A");
    assertThat(CodeSizes.of(new ClassReader(bytes)))
        .containsEntry("<init>()V", 5)
        .containsEntry("f()I", 2)
        .containsEntry("h()V", 7)
        .hasSize(3);
  }
}
