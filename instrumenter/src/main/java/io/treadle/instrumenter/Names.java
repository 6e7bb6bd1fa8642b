package io.treadle.instrumenter;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The names by which woven code knows the runtime, and the names that the weaver gives. */
final class Names {
  /** The linkage that this weaver writes. */
  static final int VERSION = 1;

  static final String ASYNC = "Lio/treadle/Async;";
  static final String PLAIN_CALLS = "Lio/treadle/PlainCalls;";
  static final String TASK = "io/treadle/Task";

  private static final String PACKAGE = "io/treadle/continuation/";
  static final String WOVEN = "L" + PACKAGE + "Woven;";
  static final String TWIN = "L" + PACKAGE + "Twin;";
  static final String STUB_MARK = "L" + PACKAGE + "WovenStubGenerated;";
  static final String COROUTINE = PACKAGE + "Coroutine";
  static final String COROUTINE_DESC = "L" + COROUTINE + ";";
  static final String FUTURE_BODY = PACKAGE + "FutureBody";
  static final String ENTRY = PACKAGE + "Entry";
  static final String ENTRY_DESC = "L" + ENTRY + ";";
  static final String FRAME = PACKAGE + "Frame";
  static final String LINKAGE = PACKAGE + "Linkage";
  static final String RESUME_DESC = "(" + COROUTINE_DESC + ")V";

  private static final String LOOKUP =
      "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;I";
  private static final String CALL_SITE = ")Ljava/lang/invoke/CallSite;";

  static final Handle ENTRY_BOOTSTRAP =
      bootstrap("entry", "Ljava/lang/invoke/MethodHandle;Ljava/lang/String;");
  static final Handle INTERCEPT_BOOTSTRAP = bootstrap("intercept", "Ljava/lang/invoke/MethodType;");
  static final Handle LAMBDA_BOOTSTRAP =
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
  static String twin(String descriptor) {
    return descriptor.replace(")", COROUTINE_DESC + ")");
  }

  /** True for the descriptor of a twin. */
  static boolean isTwin(String descriptor) {
    return descriptor.contains(COROUTINE_DESC + ")");
  }

  /** The descriptor of the user's method that a twin belongs to. */
  static String plain(String twinDescriptor) {
    return twinDescriptor.replace(COROUTINE_DESC + ")", ")");
  }

  /** The descriptor of the static body: the receiver comes first. */
  static String body(String owner, boolean isStatic, String descriptor) {
    String twin = twin(descriptor);
    return isStatic ? twin : "(L" + owner + ";" + twin.substring(1);
  }

  /**
   * The name of the body. Coverage tools and debuggers skip what is synthetic, but not lambdas: so
   * that they show the user's lines, a body is one.
   */
  static String bodyName(String method) {
    return isLambda(method) ? method : "lambda$" + method + "$async";
  }

  /** True for the name that compilers give to the method of a lambda. */
  static boolean isLambda(String method) {
    return method.startsWith("lambda$");
  }

  /** The static method of an interface that calls a twin, unless the receiver is a JDK proxy. */
  static String dispatcher(String method) {
    return method + "$dispatch";
  }

  /** A name and descriptor as Java writes them: {@code fetch(URI, int)}. */
  static String readable(String name, String descriptor) {
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
  static String simple(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
  }
}
