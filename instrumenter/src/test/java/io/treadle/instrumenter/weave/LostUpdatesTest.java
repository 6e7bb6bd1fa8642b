package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LostUpdatesTest {
  private static final String FIELDS =
      "class A { int i; long l; byte b; double d; String s; Integer boxed; A a; int[] array;"
          + " static int si; static String ss;"
          + " @Async int f() { return 1; } @Async long g() { return 1; } @Async String h() { return"
          + " null; } @Async int of(int x) { return x; } ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "i += f();",
        "i = i + f();",
        "i -= f();",
        "i += (int) g();",
        "i += g();",
        "l += g();",
        "l += f();",
        "b += f();",
        "d *= f();",
        "s += h();",
        "boxed += f();",
        "si += f();",
        "ss += h();",
        "a.i += f();",
        "a.a.i += f();",
        "i += c ? f() : 0;",
        "i += 2 * f() + 3;",
        "i = Math.max(i, f());",
        "return i += f();",
        "return (int) (l += f());",
        "return si += f();",
        "i = i * 2 + of(i);",
      })
  void anUpdateThatIsSpreadOverASuspensionIsReported(String statement) {
    String end = statement.startsWith("return") ? "" : "\nreturn 0;";
    check(FIELDS + "@Async int test(boolean c) {\n" + statement + " // warning" + end + "\n} }")
        .says("is read before", "may suspend and written after", "make the call first");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "i = f() + i;",
        "i += 1;",
        "int old = i; f(); i = old + 1;",
        "int x = 1; x += f(); i = x;",
        "i = c ? i : f();",
        "i = of(i);",
        "a.i = i + f();",
        "l = i + f();",
        "array[0] += f();",
        "i++; f(); i++;",
        "of(i + f());",
        "int y = i + f(); i = 0;",
        "if (i > f()) { i = 0; }",
        "i += Integer.parseInt(\"1\");",
      })
  void otherUsesOfAFieldAreFine(String statement) {
    check(FIELDS + "@Async int test(boolean c) {\n" + statement + "\nreturn 0;\n} }");
  }

  @Test
  void anUpdateInALambdaIsFoundAtItsLine() {
    check(
        FIELDS
            + """
            void test() {
                run(() -> {
                  i += // warning
                      f();
                });
              }
            }
            """);
  }
}
