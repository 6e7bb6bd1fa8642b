package io.treadle.instrumenter.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.treadle.instrumenter.Assembly;
import io.treadle.instrumenter.Program;
import io.treadle.instrumenter.flow.TypeFlow;
import io.treadle.instrumenter.flow.VerificationType;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Objects under construction while a call suspends. Each method is run as it is and as the pass
 * leaves it, in a fresh class loader, and must do the same; the verifier sees both; and the pass
 * must leave nothing uninitialised where the method suspends.
 */
class DeferredNewTest {
  /** {@code X} says what it is made of, {@code T.log} who does what when. */
  private static final Map<String, byte[]> WORLD =
      Program.of(
              """
              public class T {
                static final StringBuilder LOG = new StringBuilder();
                public static void log(String s) { LOG.append(s).append(' '); }
                public static Object suspend(Object o) { log("suspend:" + o); return o; }
                public static Object fail(Object o) { throw new IllegalStateException("" + o); }
                public static String show(Object a, Object b) { return a + "," + b + (a == b); }
              }
              """,
              """
              public class X {
                static { T.log("init"); }
                final String parts;
                public X() { parts = "-"; }
                public X(Object a) { parts = "" + a; T.log("new"); }
                public X(Object a, Object b) { parts = a + "," + b; T.log("new2"); }
                public X(long a, Object b, double c, int d) { parts = a + "," + b + "," + c + d; }
                @Override public String toString() { return "X(" + parts + ")"; }
              }
              """)
          .classes();

  private static boolean suspends(AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call && call.owner.equals("T") && isSuspend(call.name);
  }

  private static boolean isSuspend(String name) {
    return name.equals("suspend") || name.equals("fail");
  }

  private static Assembly method(String code) {
    return Assembly.of("run(I)Ljava/lang/Object;", code);
  }

  /** Applies the pass. */
  private static MethodNode deferred(String code) throws Exception {
    MethodNode method = method(code).method;
    boolean changed =
        DeferredNew.apply(method, TypeFlow.of("R", method), DeferredNewTest::suspends);
    assertThat(changed).isTrue();
    return method;
  }

  /** Asserts that the pass does its work and changes nothing else; returns what the method does. */
  private static String check(String code) throws Exception {
    MethodNode changed = deferred(code);
    TypeFlow types = TypeFlow.of("R", changed);
    int index = 0;
    for (AbstractInsnNode insn : changed.instructions) {
      TypeFlow.State state = types.before(index++);
      if (state != null && suspends(insn)) {
        for (int i = 0; i < state.getLocals(); i++) {
          assertThat(state.getLocal(i)).matches(t -> !t.isUninitialized());
        }
        for (int i = 0; i < state.getStackSize(); i++) {
          assertThat(state.getStack(i)).matches(t -> !t.isUninitialized());
        }
      }
    }
    String expected = run(method(code).method, 0) + run(method(code).method, 1);
    assertThat(run(deferred(code), 0) + run(deferred(code), 1)).isEqualTo(expected);
    return expected;
  }

  private static String run(MethodNode method, int argument) throws Exception {
    Map<String, byte[]> classes = new TreeMap<>(WORLD);
    MethodNode constructor =
        Assembly.of(
                Opcodes.ACC_PRIVATE,
                "<init>(Ljava/lang/Object;)V",
                "aload 0\ninvokespecial java/lang/Object.<init> ()V\nreturn")
            .method;
    classes.put("R", Assembly.classFile(Opcodes.V17, "R", method, constructor));
    ClassLoader loader = Program.ofClasses(classes).load();
    String result;
    try {
      Object value = loader.loadClass("R").getMethod("run", int.class).invoke(null, argument);
      result = value == null || value.getClass().getName().equals("R") ? "R" : value.toString();
    } catch (java.lang.reflect.InvocationTargetException e) {
      result = e.getCause().toString();
    }
    var log = loader.loadClass("T").getDeclaredField("LOG");
    log.setAccessible(true);
    return result + " [" + log.get(null) + "] ";
  }

  private static final String SUSPEND =
      "ldc \"%s\"\ninvokestatic T.suspend (Ljava/lang/Object;)Ljava/lang/Object;\n";

  private static String suspend(String value) {
    return SUSPEND.formatted(value);
  }

  @Test
  void anArgumentSuspends() throws Exception {
    String done =
        check(
            "new X\ndup\n"
                + suspend("a")
                + "invokespecial X.<init> (Ljava/lang/Object;)V\nareturn");
    assertThat(done).startsWith("X(a) [init suspend:a new ]");
  }

  @Test
  void twoObjectsArePendingAtDifferentDepths() throws Exception {
    check(
        "new X\ndup\nldc \"a\"\nnew X\ndup\n"
            + suspend("b")
            + "invokespecial X.<init> (Ljava/lang/Object;)V\n"
            + "invokespecial X.<init> (Ljava/lang/Object;Ljava/lang/Object;)V\nareturn");
  }

  @Test
  void constructorsNestAroundSuspensions() throws Exception {
    String one = "invokespecial X.<init> (Ljava/lang/Object;)V\n";
    String two = "invokespecial X.<init> (Ljava/lang/Object;Ljava/lang/Object;)V\n";
    check(
        "new X\ndup\nnew X\ndup\nnew X\ndup\n"
            + suspend("a")
            + one
            + suspend("b")
            + two
            + suspend("c")
            + two
            + "areturn");
  }

  @Test
  void anUninitialisedCopyIsInALocal() throws Exception {
    check(
        "new X\ndup\nastore 5\n"
            + suspend("a")
            + "invokespecial X.<init> (Ljava/lang/Object;)V\naload 5\nareturn");
  }

  @Test
  void theObjectIsDroppedWithoutADup() throws Exception {
    check(
        "new X\n"
            + suspend("a")
            + "invokespecial X.<init> (Ljava/lang/Object;)V\nldc \"done\"\nareturn");
  }

  @Test
  void everyAliasIsTheObject() throws Exception {
    String done =
        check(
            "new X\ndup\ndup\nastore 4\ndup\n"
                + suspend("a")
                + "invokespecial X.<init> (Ljava/lang/Object;)V\n"
                + "invokestatic T.show (Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/String;\n"
                + "aload 4\n"
                + "invokestatic T.show (Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/String;\n"
                + "areturn");
    assertThat(done).startsWith("X(a),X(a)true,X(a)false");
  }

  @Test
  void theNewIsPushedBelowItsArgument() throws Exception {
    check(
        suspend("a")
            + "new X\ndup_x1\nswap\n"
            + "invokestatic T.suspend (Ljava/lang/Object;)Ljava/lang/Object;\n"
            + "invokespecial X.<init> (Ljava/lang/Object;)V\nareturn");
  }

  @Test
  void labelsLinesAndStackMapsAreBetweenNewAndDup() throws Exception {
    check(
        """
        site:
        new X
        line 3
        iload 0
        ifeq join
        nop
        join:
        frame [I] [@site]
        line 4
        dup
        """
            + suspend("a")
            + "invokespecial X.<init> (Ljava/lang/Object;)V\nareturn");
  }

  @Test
  void aComparisonOfAPendingObjectIsRefused() {
    String code =
        """
        site:
        new X
        dup
        dup
        ifnull other
        """
            + suspend("a")
            + """
            invokespecial X.<init> (Ljava/lang/Object;)V
            areturn
            other:
            frame [I] [@site @site]
            aconst_null
            areturn
            """;
    assertThatThrownBy(() -> deferred(code))
        .hasMessageContaining("it compares an object before its constructor");
  }

  @Test
  void anArgumentIsChosenWhileTheObjectIsPending() throws Exception {
    check(
        """
        site:
        new X
        dup
        iload 0
        ifeq other
        ldc "a"
        invokestatic T.suspend (Ljava/lang/Object;)Ljava/lang/Object;
        goto join
        other:
        frame [I] [@site @site]
        ldc "b"
        join:
        frame [I] [@site @site java/lang/Object]
        invokespecial X.<init> (Ljava/lang/Object;)V
        areturn
        """);
  }

  @Test
  void theSameObjectHasTwoConstructorCalls() throws Exception {
    check(
        "site:\nnew X\ndup\n"
            + suspend("a")
            + """
            iload 0
            ifeq other
            invokespecial X.<init> (Ljava/lang/Object;)V
            areturn
            other:
            frame [I] [@site @site java/lang/Object]
            ldc "b"
            invokespecial X.<init> (Ljava/lang/Object;Ljava/lang/Object;)V
            areturn
            """);
  }

  @Test
  void theClassIsInitialisedWhereItWas() throws Exception {
    String done =
        check(
            "new X\ndup\nldc \"first\"\ninvokestatic T.log (Ljava/lang/String;)V\n"
                + suspend("a")
                + "invokespecial X.<init> (Ljava/lang/Object;)V\nareturn");
    assertThat(done).startsWith("X(a) [init first suspend:a new ]");
  }

  @Test
  void theConstructorCallNeedsMoreStackThanTheOriginal() throws Exception {
    Assembly tight =
        method(
            "new X\n"
                + suspend("a")
                + "invokespecial X.<init> (Ljava/lang/Object;)V\nldc \"done\"\nareturn");
    tight.method.maxStack = 2;
    tight.method.maxLocals = 1;
    DeferredNew.apply(tight.method, TypeFlow.of("R", tight.method), DeferredNewTest::suspends);
    assertThat(TypeFlow.of("R", tight.method)).isNotNull();
    assertThat(run(tight.method, 0)).startsWith("done [init suspend:a new ]");
  }

  @Test
  void anObjectOfTheClassItselfWithAPrivateConstructor() throws Exception {
    check("new R\ndup\n" + suspend("a") + "invokespecial R.<init> (Ljava/lang/Object;)V\nareturn");
  }

  @Test
  void argumentsOfTwoSlotsStepAsideInOrder() throws Exception {
    String done =
        check(
            "new X\ndup\nlconst_1\n"
                + suspend("a")
                + "dconst_1\niload 0\n"
                + "invokespecial X.<init> (JLjava/lang/Object;DI)V\nareturn");
    assertThat(done).startsWith("X(1,a,1.00)");
  }

  @Test
  void otherValuesLieBetweenTheCopies() throws Exception {
    String done =
        check(
            """
            ldc "below"
            new X
            dup
            ldc "between"
            swap
            """
                + suspend("a")
                + """
                invokespecial X.<init> (Ljava/lang/Object;)V
                swap
                invokestatic T.show (Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/String;
                invokestatic T.show (Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/String;
                areturn
                """);
    assertThat(done).startsWith("below,between,X(a)false");
  }

  @Test
  void theArgumentFailsInATry() throws Exception {
    String done =
        check(
            """
            try from to handler java/lang/IllegalStateException
            site:
            new X
            dup
            astore 2
            from:
            ldc "a"
            invokestatic T.fail (Ljava/lang/Object;)Ljava/lang/Object;
            to:
            invokespecial X.<init> (Ljava/lang/Object;)V
            aload 2
            areturn
            handler:
            frame [I T @site] [java/lang/IllegalStateException]
            areturn
            """);
    assertThat(done).startsWith("java.lang.IllegalStateException: a [init ]");
  }

  @Test
  void aLoopMakesManyObjects() throws Exception {
    String done =
        check(
            """
            aconst_null
            astore 1
            loop:
            frame [I java/lang/Object] []
            new X
            dup
            aload 1
            ldc "x"
            invokestatic T.suspend (Ljava/lang/Object;)Ljava/lang/Object;
            invokespecial X.<init> (Ljava/lang/Object;Ljava/lang/Object;)V
            astore 1
            iinc 0 1
            iload 0
            iconst_3
            if_icmplt loop
            aload 1
            areturn
            """);
    assertThat(done).startsWith("X(X(X(null,x),x),x)");
  }

  @Test
  void objectsThatAreNotPendingStayAsTheyAre() throws Exception {
    String code =
        suspend("a")
            + "pop\nnew X\ndup\nldc \"b\"\ninvokespecial X.<init> (Ljava/lang/Object;)V\n"
            + "astore 1\n"
            + suspend("c")
            + "pop\naload 1\nareturn";
    MethodNode method = method(code).method;
    int size = method.instructions.size();
    assertThat(DeferredNew.apply(method, TypeFlow.of("R", method), DeferredNewTest::suspends))
        .isFalse();
    assertThat(method.instructions.size()).isEqualTo(size);
  }

  @Test
  void onlyThePendingOfTwoObjectsIsDeferred() throws Exception {
    MethodNode method =
        deferred(
            "new X\ndup\nnew X\ndup\nldc \"x\"\ninvokespecial X.<init> (Ljava/lang/Object;)V\n"
                + suspend("a")
                + "invokespecial X.<init> (Ljava/lang/Object;Ljava/lang/Object;)V\nareturn");
    long news = 0;
    for (AbstractInsnNode insn : method.instructions) {
      news += insn instanceof TypeInsnNode type && type.getOpcode() == Opcodes.NEW ? 1 : 0;
    }
    assertThat(news).as("two as before, one of them twice").isEqualTo(3);
    assertThat(run(method, 0)).startsWith("X(X(x),a)");
  }

  @Test
  void aPlaceholderIsNull() throws Exception {
    MethodNode method =
        deferred(
            "new X\ndup\n"
                + suspend("a")
                + "invokespecial X.<init> (Ljava/lang/Object;)V\nareturn");
    TypeFlow types = TypeFlow.of("R", method);
    for (int i = 0; i < method.instructions.size(); i++) {
      if (suspends(method.instructions.get(i))) {
        assertThat(types.before(i).getStack(0).kind()).isEqualTo(VerificationType.Kind.NULL);
      }
    }
  }
}
