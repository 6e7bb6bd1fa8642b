package io.treadle.instrumenter.hierarchy;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The names by which woven code knows the runtime, and the names that the weaver gives. */
public final class Names {
  /** The linkage that this weaver writes. */
  public static final int VERSION = 1;

  public static final String ASYNC = "Lio/treadle/Async;";
  public static final String PLAIN_CALLS = "Lio/treadle/PlainCalls;";

  /** How the names of bodies end. */
  public static final String BODY_END = "$async";

  public static final String TASK = "io/treadle/Task";

  private static final String PACKAGE = "io/treadle/continuation/";
  public static final String WOVEN = "L" + PACKAGE + "Woven;";
  public static final String TWIN = "L" + PACKAGE + "Twin;";
  public static final String STUB_MARK = "L" + PACKAGE + "WovenStubGenerated;";
  public static final String COROUTINE = PACKAGE + "Coroutine";
  public static final String COROUTINE_DESC = "L" + COROUTINE + ";";
  public static final String FUTURE_BODY = PACKAGE + "FutureBody";
  public static final String ENTRY = PACKAGE + "Entry";
  public static final String ENTRY_DESC = "L" + ENTRY + ";";
  public static final String FRAME = PACKAGE + "Frame";
  public static final String LINKAGE = PACKAGE + "Linkage";
  public static final String RESUME_DESC = "(" + COROUTINE_DESC + ")V";

  private static final String LOOKUP =
      "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;I";
  private static final String CALL_SITE = ")Ljava/lang/invoke/CallSite;";

  public static final Handle ENTRY_BOOTSTRAP =
      bootstrap("entry", "Ljava/lang/invoke/MethodHandle;Ljava/lang/String;");
  public static final Handle INTERCEPT_BOOTSTRAP =
      bootstrap("intercept", "Ljava/lang/invoke/MethodType;");
  public static final Handle DISPATCH_BOOTSTRAP =
      bootstrap("dispatch", "Ljava/lang/invoke/MethodType;");
  public static final Handle HIDDEN_BOOTSTRAP =
      bootstrap("hidden", "Ljava/lang/Class;Ljava/lang/String;I");
  public static final Handle DIRECT_RECEIVERS_BOOTSTRAP =
      new Handle(
          Opcodes.H_INVOKESTATIC,
          LINKAGE,
          "directReceivers",
          "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)Ljava/lang/Class;",
          false);
  public static final Handle LAMBDA_BOOTSTRAP =
      bootstrap(
          "lambda",
          "Ljava/lang/String;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
              + "Ljava/lang/invoke/MethodHandle;Ljava/lang/invoke/MethodType;I[Ljava/lang/Object;");

  private Names() {}

  private static Handle bootstrap(String name, String parameters) {
    return new Handle(
        Opcodes.H_INVOKESTATIC, LINKAGE, name, LOOKUP + parameters + CALL_SITE, false);
  }

  /** The descriptor of the twin of a method with this descriptor. */
  public static String twin(String descriptor) {
    return descriptor.replace(")", COROUTINE_DESC + ")");
  }

  /** True for the descriptor of a twin. */
  public static boolean isTwin(String descriptor) {
    return descriptor.contains(COROUTINE_DESC + ")");
  }

  /** The descriptor of the user's method that a twin belongs to. */
  public static String plain(String twinDescriptor) {
    return twinDescriptor.replace(COROUTINE_DESC + ")", ")");
  }

  /** The descriptor of the static body: the receiver comes first. */
  public static String body(String receiver, boolean isStatic, String descriptor) {
    String twin = twin(descriptor);
    return isStatic ? twin : "(" + receiver + twin.substring(1);
  }

  /**
   * The type of the receiver in the descriptor of a body. A method's is {@code Object}, since a
   * hidden class cannot be named in a descriptor; a lambda's, whose receiver is captured, and an
   * interface's is the type itself.
   */
  public static String receiver(String owner, boolean isInterface, String method) {
    return isInterface || isLambda(method) ? "L" + owner + ";" : "Ljava/lang/Object;";
  }

  /**
   * The name of the body. Coverage tools and debuggers skip what is synthetic, but not lambdas: so
   * that they show the user's lines, a body is one.
   */
  public static String bodyName(String method) {
    return isLambda(method) ? method : "lambda$" + method + BODY_END;
  }

  /** True for the name that compilers give to the method of a lambda. */
  public static boolean isLambda(String method) {
    return method.startsWith("lambda$");
  }

  /** The static method of an interface that calls a twin, unless the receiver is a JDK proxy. */
  public static String dispatcher(String method) {
    return method + "$dispatch";
  }

  /** A name and descriptor as Java writes them: {@code fetch(URI, int)}. */
  public static String readable(String name, String descriptor) {
    StringBuilder text = new StringBuilder(name).append('(');
    for (Type type : Type.getArgumentTypes(descriptor)) {
      if (text.charAt(text.length() - 1) != '(') {
        text.append(", ");
      }
      String full = type.getClassName();
      text.append(full.substring(full.lastIndexOf('.') + 1).replace('$', '.'));
    }
    return text.append(')').toString();
  }

  /** The simple name of a class: {@code Crawler}. */
  public static String simple(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
  }
}
