package io.treadle.instrumenter.weave;

import static io.treadle.instrumenter.Diagnosed.check;
import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.instrumenter.Diagnosed;
import io.treadle.instrumenter.Diagnostic;
import io.treadle.instrumenter.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

class DeclarationsTest {
  @Test
  void aReturnTypeThatSaysNeitherStyleIsAnError() {
    check(
            """
            class A {
              static abstract class Mine implements CompletionStage<String> {}
              @Async Future<String> f() {
                return null; // error
              }
              @Async Mine g() {
                return null; // error
              }
              @Async ScheduledFuture<String> h() {
                return null; // error
              }
            }
            """)
        .says("is @Async and returns", "CompletableFuture, CompletionStage or Task");
  }

  @Test
  void theThreeFuturesAndOrdinaryTypesAreFine() {
    check(
        """
        class A {
          @Async CompletableFuture<String> f() {
            return null;
          }
          @Async CompletionStage<String> g() {
            return null;
          }
          @Async Task<String> h() {
            return null;
          }
          @Async Future<String>[] i() {
            return null;
          }
          @Async <T> T j() {
            return null;
          }
          @Async void k() {
          }
        }
        """);
  }

  @Test
  void anAbstractMethodHasNoLineButItsFile() {
    List<Diagnostic> found =
        Diagnosed.compile("interface A { @Async Future<String> f(); }").diagnostics();
    assertThat(found).singleElement().asString().startsWith("p/A.java: error: f() is @Async");
  }

  @Test
  void mainCannotBeAsync() {
    check(
            """
            class A {
              @Async public static void main(String[] args) {
                sleep(Duration.ZERO); // error
              }
            }
            """)
        .says("main cannot be @Async", "run(() -> start(args))");
  }

  @Test
  void whatTheJavaCommandDoesNotStartMayBeCalledMain() {
    check(
        """
        class A {
          public static void main(String[] args) {
            run(() -> main());
          }
          @Async static void main() {
            sleep(Duration.ZERO);
          }
          @Async static void main(String arg) {
            sleep(Duration.ZERO);
          }
          static class B {
            @Async void main(String[] args) {
              sleep(Duration.ZERO);
            }
          }
        }
        """);
  }

  @Test
  void theFormsOfMainThatJava21StartsCannotBeAsyncEither() {
    String source =
        """
        class A {
          @Async void main() {
            sleep(Duration.ZERO); // error
          }
          static class B {
            @Async protected void main(String[] args) {
              sleep(Duration.ZERO); // error
            }
          }
          static class C {
            @Async static void main() {
              sleep(Duration.ZERO);
            }
            public static void main(String[] args) {}
          }
          static class D {
            @Async private void main() {
              sleep(Duration.ZERO);
            }
          }
        }
        """;
    Map<String, byte[]> newer = new HashMap<>();
    Diagnosed.compile(source)
        .classes()
        .forEach((name, bytes) -> newer.put(name, ofVersion(bytes, Opcodes.V21)));
    check(source, Program.ofClasses(newer).diagnostics()).says("main cannot be @Async");
  }

  private static byte[] ofVersion(byte[] bytes, int version) {
    byte[] copy = bytes.clone();
    copy[7] = (byte) version;
    return copy;
  }

  @Test
  void aNativeMethodHasNothingToWeave() {
    List<Diagnostic> found =
        Diagnosed.compile("class A { @Async native String f(int i); }").diagnostics();
    assertThat(found)
        .singleElement()
        .asString()
        .startsWith("p/A.java: error: f(int) is native and cannot be @Async");
  }

  @Test
  void theNativeTwinOfAPrimitiveIsFine() {
    String source =
        """
        class A {
          @Async static void f(Duration d) {
            sleep(d);
          }
          @io.treadle.continuation.Twin
          static native void f(Duration d, io.treadle.continuation.Coroutine c);
        }
        """;
    check(source);
    Diagnosed.compile(source).woven().load();
  }

  @Test
  void anAbstractMethodCannotBeSynchronized() {
    ClassNode node = new ClassNode();
    new ClassReader(
            Diagnosed.compile("abstract class A { @Async abstract void f(); }").bytes("p/A"))
        .accept(node, 0);
    node.methods.stream()
        .filter(m -> m.name.equals("f"))
        .forEach(m -> m.access |= Opcodes.ACC_SYNCHRONIZED);
    ClassWriter writer = new ClassWriter(0);
    node.accept(writer);
    Program program = Program.ofClasses(Map.of("p/A", writer.toByteArray()));
    assertThat(program.diagnostics())
        .singleElement()
        .asString()
        .startsWith("p/A.java: error: f() is abstract and synchronized");
  }

  @Test
  void theCoroutineMustStillFitAmongTheParameters() {
    check(
            """
            class A {
              @Async static void fits(%1$s) {
                sleep(Duration.ZERO);
              }
              @Async void tooMany(%1$s) {
                sleep(Duration.ZERO); // error
              }
              @Async static CompletableFuture<String> tooMany(int i, %1$s) {
                return null; // error
              }
            }
            """
                .formatted(
                    IntStream.range(0, 127)
                        .mapToObj(i -> "long p" + i)
                        .collect(Collectors.joining(", "))))
        .says("tooMany has parameters of 255 slots", "255");
  }

  @Test
  void aClassWithAsManyParametersAsFitIsVerified() {
    String parameters =
        IntStream.range(0, 253).mapToObj(i -> "int p" + i).collect(Collectors.joining(", "));
    Diagnosed.compile(
            "class A { @Async long f("
                + parameters
                + ") { sleep(Duration.ZERO); return p9 + p252; } }")
        .woven()
        .load();
  }
}
