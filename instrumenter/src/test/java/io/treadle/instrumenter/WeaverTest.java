package io.treadle.instrumenter;

import static io.treadle.instrumenter.Diagnosed.check;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

class WeaverTest {
  private static final String SOURCE =
      """
      class A implements java.io.Serializable {
        int total;
        interface I<T> { @Async T get(T t) throws Exception; }
        static class B implements I<String> {
          @Async public String get(String s) {
            return await(CompletableFuture.completedFuture(s));
          }
        }
        @Async CompletableFuture<Integer> future(List<String> all) throws Exception {
          for (String s : all) {
            total = total + new StringBuilder(new B().get(s)).length(); // warning
          }
          return CompletableFuture.completedFuture(total);
        }
        void start() throws Exception {
          run(() -> await(future(List.of())));
          AsyncCallable<Integer, Exception> c = this::direct;
          run((AsyncCallable<Integer, Exception> & java.io.Serializable) this::direct);
        }
        @Async int direct() throws Exception {
          sleep(Duration.ZERO);
          return await(future(List.of()));
        }
      }
      """;

  @Test
  void weavingIsReproducible() {
    Program one = Diagnosed.compile(SOURCE);
    Program other = Diagnosed.compile(SOURCE);
    Map<String, byte[]> first = one.woven().classes();
    Map<String, byte[]> second = other.woven().classes();
    assertThat(first.keySet()).isEqualTo(second.keySet());
    first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void theOrderOfTheClassesDoesNotMatter() {
    Program program = Diagnosed.compile(SOURCE);
    Weaver weaver = Weaver.of(program);
    List<String> names = List.copyOf(program.classes().keySet());
    for (int i = names.size() - 1; i >= 0; i--) {
      byte[] bytes = program.bytes(names.get(i));
      assertThat(weaver.weave(bytes).bytes()).isEqualTo(program.weave(names.get(i)).bytes());
    }
  }

  @Test
  void weavingTwiceChangesNothing() {
    Program woven = Diagnosed.compile(SOURCE).woven();
    woven
        .classes()
        .forEach(
            (name, bytes) -> {
              Result again = woven.weave(name);
              assertThat(again.woven()).as(name).isFalse();
              assertThat(again.bytes()).as(name).isSameAs(bytes);
              assertThat(again.diagnostics()).as(name).isEmpty();
            });
  }

  @Test
  void theJvmVerifiesWhatIsWoven() {
    check(SOURCE);
    Diagnosed.compile(SOURCE).woven().load();
    Program program = Diagnosed.compile(SOURCE);
    program.woven(Weaver.of(program).withStubs(StubPolicy.DRIVE)).load();
  }

  @Test
  void aClassWithNothingToWeaveComesBackAsItIs() {
    Program program = Diagnosed.compile("class A { Object f() { return (Runnable) () -> {}; } }");
    Result result = program.weave("p/A");
    assertThat(result.woven()).isFalse();
    assertThat(result.bytes()).isSameAs(program.bytes("p/A"));
  }

  @Test
  void aClassWithErrorsComesBackAsItIsWithAllOfThem() {
    String source =
        """
        class A {
          A() {
            sleep(Duration.ZERO); // error
          }
          @Async static int count() throws Exception {
            Thread.sleep(1); // warning
            return 1;
          }
          int plain() throws Exception {
            return count(); // error
          }
          @Async synchronized int locked() throws Exception {
            return count(); // error
          }
          @Async void block() throws Exception {
            synchronized (this) {
              count(); // error
            }
            synchronized (this) {
              count(); // error
            }
            count();
          }
          @Async Future<String> future() {
            return null; // error
          }
        }
        """;
    check(source);
    Program program = Diagnosed.compile(source);
    Result result = program.weave("p/A");
    assertThat(result.hasErrors()).isTrue();
    assertThat(result.woven()).isFalse();
    assertThat(result.bytes()).isSameAs(program.bytes("p/A"));
    assertThat(result.diagnostics()).isSorted();
  }

  @Test
  void aMonitorIsOnlyInTheWayWhereItIsHeld() {
    check(
            """
            class A {
              @Async void f(Object o) {
                synchronized (o) {
                  o.hashCode();
                }
                sleep(Duration.ZERO);
                synchronized (o) {
                  synchronized (o) {
                    o.hashCode();
                  }
                  sleep(Duration.ZERO); // error
                }
                try {
                  synchronized (o) {
                    o.hashCode();
                  }
                } finally {
                  sleep(Duration.ZERO);
                }
              }
            }
            """)
        .says("sleep(Duration) may suspend inside a synchronized block");
  }

  @Test
  void aStubThatDrivesMayBlockWithAMonitor() {
    String source =
        """
        class A {
          @Async synchronized void f(Object o) {
            sleep(Duration.ZERO);
            synchronized (o) {
              sleep(Duration.ZERO);
            }
          }
        }
        """;
    Program program = Diagnosed.compile(source);
    Weaver drive = Weaver.of(program).withStubs(StubPolicy.DRIVE);
    check(source, program.diagnostics(drive));
    program.woven(drive).load();
  }

  @Test
  void aClassWithoutDebugInformationIsNamedByItsFile() {
    Program program =
        Diagnosed.compile(
            """
            class A {
              A() { sleep(Duration.ZERO); }
              static class B { @Async int f(int i) { sleep(Duration.ZERO); return i; } }
            }
            """,
            "-g:none");
    assertThat(program.diagnostics())
        .singleElement()
        .asString()
        .startsWith("p/A.class: error: Treadle.sleep(Duration) may suspend");
    Result nested = program.weave("p/A$B");
    Program.ofClasses(Map.of("p/A$B", nested.bytes())).load();
  }

  @Test
  void aSynchronizedMethodThatDoesNotSuspendIsFine() {
    String source =
        """
        class A {
          @Async synchronized int f() {
            return 1;
          }
          @Async static synchronized int g() {
            return 2;
          }
          @Async int h() {
            return f() + g();
          }
        }
        """;
    check(source);
    Diagnosed.compile(source).woven().load();
  }

  @Test
  void aClassFromBeforeJava7IsGivenStackMaps() {
    MethodNode method =
        Assembly.of(
                "f(ZLjava/lang/Integer;Ljava/lang/Long;)Ljava/lang/Number;",
                """
                iload 0
                ifeq other
                aload 1
                goto end
                other:
                aload 2
                end:
                aconst_null
                invokestatic io/treadle/Treadle.sleep (Ljava/time/Duration;)V
                areturn
                """)
            .method;
    method.visitAnnotation("Lio/treadle/Async;", true);
    Program program = Program.ofClasses(Map.of("A", Assembly.classFile(Opcodes.V1_5, "A", method)));
    assertThat(program.diagnostics()).isEmpty();
    program.woven().load();
  }

  @Test
  void aSubroutineIsReportedAtItsLine() {
    MethodNode method =
        Assembly.of(
                "f()V",
                """
                line 7
                jsr sub
                return
                sub:
                astore 0
                ret 0
                """)
            .method;
    method.visitAnnotation("Lio/treadle/Async;", true);
    Program program = Program.ofClasses(Map.of("A", Assembly.classFile(Opcodes.V1_5, "A", method)));
    assertThat(program.diagnostics())
        .singleElement()
        .asString()
        .startsWith("A.java:7: error: the class uses the JSR instruction; compile it for Java 7");
  }

  // ------------------------------------------------------------------ HotSwap

  /** The members that are added, for any body. */
  private static Set<String> members(String body) {
    ClassNode node = new ClassNode();
    Program program =
        Diagnosed.compile(
            """
            class A {
              AsyncCallable<String, Exception> field = () -> "";
              @Async String f(CompletableFuture<String> s) throws Exception { %1$s }
              @Async CompletableFuture<String> g(CompletableFuture<String> s) throws Exception {
                return CompletableFuture.completedFuture(s.toString());
              }
              AsyncFunction<CompletableFuture<String>, String, Exception> l = s -> { %1$s };
            }
            """
                .formatted(body));
    new ClassReader(program.woven().bytes("p/A")).accept(node, 0);
    Set<String> members = new TreeSet<>();
    node.methods.forEach(m -> members.add(m.access + " " + m.name + m.desc));
    node.fields.forEach(f -> members.add(f.access + " " + f.name + f.desc));
    return members;
  }

  @Test
  void editingABodyDoesNotChangeTheMembersThatAreAdded() {
    Set<String> members = members("return await(s);");
    assertThat(members("return await(s) + await(s);")).isEqualTo(members);
    assertThat(members("synchronized (s) { return \"\"; }")).isEqualTo(members);
    assertThat(members("throw new Exception();")).isEqualTo(members);
  }

  @Test
  void equalCodeHasEqualFramesWhateverItsLines() {
    byte[] one = Diagnosed.compile("class A { @Async void f() { sleep(null); } }").bytes("p/A");
    byte[] two = Diagnosed.compile("class A { @Async void f() {\n sleep(null); } }").bytes("p/A");
    assertThat(digest(one)).isEqualTo(digest(two)).isNotEmpty();
    byte[] other = Diagnosed.compile("class A { @Async void f() { f(); } }").bytes("p/A");
    assertThat(digest(other)).isNotEqualTo(digest(one));
  }

  /** The constants of the body, of which the digest is one. */
  private static List<Object> digest(byte[] bytes) {
    Program woven = Program.ofClasses(Map.of("p/A", bytes)).woven();
    ClassNode node = new ClassNode();
    new ClassReader(woven.bytes("p/A")).accept(node, 0);
    return node.methods.stream()
        .filter(m -> m.name.equals("lambda$f$async"))
        .flatMap(m -> java.util.Arrays.stream(m.instructions.toArray()))
        .filter(i -> i instanceof org.objectweb.asm.tree.LdcInsnNode)
        .map(i -> ((org.objectweb.asm.tree.LdcInsnNode) i).cst)
        .toList();
  }
}
