package io.treadle.continuation;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * What woven code links to, apart from {@link Coroutine} and {@link Frame}: bootstrap methods and
 * the start of stubs.
 *
 * <p>The public names of this package are the linkage. It has a number; a woven class says which
 * one it needs. A runtime accepts its own and all older ones.
 */
public final class Linkage {
  /** The linkage of this runtime. */
  public static final int VERSION = 1;

  private static final MethodType ENTER = MethodType.methodType(void.class, Coroutine.class);

  private Linkage() {}

  // ------------------------------------------------------------------ bootstrap methods

  /**
   * The {@link Entry} of a body.
   *
   * @param version the linkage of the class
   * @param resume the method that enters the body
   * @param description see {@link FrameDescription}
   */
  public static CallSite entry(
      MethodHandles.Lookup lookup,
      String name,
      MethodType type,
      int version,
      MethodHandle resume,
      String description)
      throws Throwable {
    check(version, lookup);
    Entry entry =
        lookup.lookupClass().isHidden() // no other class can name its methods
            ? resume::invokeExact
            : (Entry)
                LambdaMetafactory.metafactory(lookup, "resume", type, ENTER, resume, ENTER)
                    .getTarget()
                    .invoke();
    FrameDescription.register(entry, lookup.lookupClass().getName(), description);
    return new ConstantCallSite(MethodHandles.constant(Entry.class, entry));
  }

  /**
   * Asked by the twin of an instance method: which coroutine its body runs in. The site has the
   * type {@code (Object, Coroutine)Coroutine}; null says that the plain method has to be called,
   * see {@link Interception}.
   *
   * @param version the linkage of the class
   * @param plain the descriptor of the user's method
   */
  public static CallSite intercept(
      MethodHandles.Lookup lookup, String name, MethodType type, int version, MethodType plain) {
    check(version, lookup);
    return new Interception(lookup.lookupClass(), name, plain, type, false);
  }

  /**
   * Asked before the twin of an interface's method is called: null says that the plain method has
   * to be called, see {@link Interception}.
   *
   * @param version the linkage of the class
   * @param plain the descriptor of the user's method
   */
  public static CallSite dispatch(
      MethodHandles.Lookup lookup, String name, MethodType type, int version, MethodType plain) {
    check(version, lookup);
    return new Interception(lookup.lookupClass(), name, plain, type, true);
  }

  /**
   * Calls a method that takes a type which the caller cannot name; the site has a superclass in its
   * place.
   *
   * @param version the linkage of the class
   * @param owner the class that the call names
   * @param descriptor of the method
   * @param special 1 for a call that does not look at the class of the receiver
   */
  public static CallSite hidden(
      MethodHandles.Lookup lookup,
      String name,
      MethodType type,
      int version,
      Class<?> owner,
      String descriptor,
      int special)
      throws ReflectiveOperationException {
    check(version, lookup);
    Method method = HiddenMethod.find(owner, name, descriptor);
    MethodHandle handle =
        special == 1
            ? lookup.unreflectSpecial(method, lookup.lookupClass())
            : lookup.unreflect(method);
    return new ConstantCallSite(handle.asType(type));
  }

  /**
   * A constant of a class: the class whose own objects need no question, which is that class; or
   * one that has no objects, where mocks may be objects of the class itself. Mockito redefines the
   * class when it makes the first one, and a redefined class asks again. (Null or a boolean would
   * be no constant to the JIT, which leaves their resolution to the interpreter.)
   */
  public static Class<?> directReceivers(MethodHandles.Lookup lookup, String name, Class<?> type) {
    boolean mocks = InlineMocks.in(lookup.lookupClass().getClassLoader()) != null;
    return mocks ? Linkage.class : lookup.lookupClass();
  }

  /**
   * Makes the lambdas and method references of an async functional interface. The object implements
   * a sub-interface, whose single abstract method is the twin; its defaults answer the plain
   * method.
   *
   * @param version the linkage of the class
   * @param subInterfaceName the name of the sub-interface, in the package of the caller
   * @param subInterface its class file, a byte in each character
   * @param flags as for {@link LambdaMetafactory#altMetafactory}, and so are the parameters after
   *     it
   */
  public static CallSite lambda(
      MethodHandles.Lookup lookup,
      String name,
      MethodType type,
      int version,
      String subInterfaceName,
      String subInterface,
      MethodType sam,
      MethodHandle implementation,
      MethodType instantiated,
      int flags,
      Object... more)
      throws Throwable {
    check(version, lookup);
    Class<?> made = subInterface(lookup, subInterfaceName, subInterface);
    Object[] arguments = new Object[more.length + 4];
    arguments[0] = sam;
    arguments[1] = implementation;
    arguments[2] = instantiated;
    arguments[3] = flags;
    System.arraycopy(more, 0, arguments, 4, more.length);
    CallSite site =
        LambdaMetafactory.altMetafactory(lookup, name, type.changeReturnType(made), arguments);
    return new ConstantCallSite(site.getTarget().asType(type));
  }

  private static Class<?> subInterface(MethodHandles.Lookup lookup, String name, String bytes)
      throws ReflectiveOperationException {
    try {
      return lookup.defineClass(bytes.getBytes(StandardCharsets.ISO_8859_1));
    } catch (LinkageError another) { // another lambda of this package needed it before
      return lookup.findClass(name);
    }
  }

  /**
   * What {@code $deserializeLambda$} compares: the serialized form with the names that the compiler
   * gave.
   *
   * @param capturing the class that has the lambda
   * @param table ten words for each woven lambda of the class, each followed by a dot, which no
   *     name contains: name and descriptor of its body, its sub-interface; functional interface,
   *     descriptor of its method, instantiated descriptor; kind, owner, name and descriptor of the
   *     implementation
   */
  public static SerializedLambda unwoven(
      SerializedLambda lambda, Class<?> capturing, String table) {
    String[] words = table.split("\\.");
    for (int i = 0; i < words.length; i += 10) {
      if (words[i].equals(lambda.getImplMethodName())
          && words[i + 1].equals(lambda.getImplMethodSignature())
          && words[i + 2].equals(lambda.getFunctionalInterfaceClass())) {
        Object[] captured = new Object[lambda.getCapturedArgCount()];
        Arrays.setAll(captured, lambda::getCapturedArg);
        return new SerializedLambda(
            capturing,
            words[i + 3],
            lambda.getFunctionalInterfaceMethodName(),
            words[i + 4],
            Integer.parseInt(words[i + 6]),
            words[i + 7],
            words[i + 8],
            words[i + 9],
            words[i + 5],
            captured);
      }
    }
    return lambda;
  }

  private static void check(int version, MethodHandles.Lookup lookup) {
    if (version > VERSION) {
      throw new UnsupportedClassVersionError(
          lookup.lookupClass().getName()
              + " was woven for linkage "
              + version
              + " of Treadle; this runtime knows linkages up to "
              + VERSION
              + ": use a newer io.treadle:treadle");
    }
  }

  // ------------------------------------------------------------------ stubs

  /**
   * What the stub of a direct-style method does first: it refuses, unless a twin has called it
   * through an interceptor. Then it runs in a coroutine that cannot be suspended.
   *
   * @param owner the class, as Java writes it
   * @param method the method, name and descriptor
   */
  public static Coroutine stub(String owner, String method) {
    Coroutine pinned = PlainCall.of(method);
    if (pinned != null) {
      return pinned;
    }
    throw Refusal.of(owner, method);
  }

  /** What the stub does first under the policy that lets it run a trampoline of its own. */
  public static Coroutine drive() {
    return new Drive();
  }

  /**
   * What the stub does when the body under {@link #drive} has suspended: waits, and runs it to its
   * end.
   */
  public static void drive(Coroutine coroutine) {
    ((Drive) coroutine).toTheEnd();
  }

  /** What a future-style method does first. */
  public static FutureBody begin(Class<?> declared) {
    return Futures.STYLE.begin(declared);
  }

  /** Initialised at the first future-style call. */
  private static final class Futures {
    static final FutureStyle STYLE =
        ServiceLoader.load(FutureStyle.class, FutureStyle.class.getClassLoader())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("the Treadle runtime is incomplete"));
  }

  // ------------------------------------------------------------------ calls of the plain method

  /**
   * Called by a twin before it calls the plain method of the same object; {@link #plainEnd} must
   * follow.
   *
   * @param method the method, name and descriptor
   */
  public static void plain(Object receiver, String method) {
    PlainCall.begin(receiver, method);
  }

  /** Ends what {@link #plain} began. */
  public static void plainEnd() {
    PlainCall.end();
  }

  /**
   * Called when the JVM could not choose between the twins of several interfaces.
   *
   * @return if that is so for this object: the plain method is called
   * @throws IncompatibleClassChangeError the given one, if it has another cause
   */
  public static void conflict(
      @Nullable Object receiver,
      IncompatibleClassChangeError error,
      String name,
      MethodType plain) {
    if (receiver == null || !Interception.conflicts(receiver.getClass(), name, plain)) {
      throw error;
    }
  }
}
