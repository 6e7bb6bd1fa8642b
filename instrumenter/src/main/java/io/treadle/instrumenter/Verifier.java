package io.treadle.instrumenter;

import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Has the JVM verify classes, in a class loader that is thrown away.
 *
 * <p>The classes are linked, which is when a JVM verifies, and not initialised: none of their code
 * runs. There is no method in the JDK that does just that. But HotSpot and OpenJ9 link a class
 * before they list its members, and listing them initialises nothing; so that is what is asked for
 * here.
 *
 * <p>A verifier may be used by one thread at a time.
 */
public final class Verifier {
  /** What the JVM said of a class. */
  public enum Status {
    VERIFIED,
    /** It could not tell: most often a class that the verifier needs is absent. */
    UNVERIFIED,
    FAILED
  }

  /**
   * The answer for one class.
   *
   * @param reason what was wrong, or what kept the JVM from telling; empty when verified
   */
  public record Verdict(Status status, String reason) {
    static final Verdict VERIFIED = new Verdict(Status.VERIFIED, "");

    static Verdict unverified(Throwable cause) {
      return new Verdict(Status.UNVERIFIED, message(cause));
    }

    static Verdict failed(Throwable cause) {
      return new Verdict(Status.FAILED, message(cause));
    }

    private static String message(Throwable cause) {
      return cause instanceof VerifyError && cause.getMessage() != null
          ? cause.getMessage()
          : cause.toString();
    }
  }

  /** Each links the class first, and then may fail because the type of a member is absent. */
  private static final List<Consumer<Class<?>>> LINK_INTERFACE =
      List.of(Class::getDeclaredFields, Class::getDeclaredMethods);

  private static final List<Consumer<Class<?>>> LINK_CLASS =
      List.of(Class::getConstructors, Class::getDeclaredFields, Class::getDeclaredMethods);

  private final ThrowawayLoader loader;

  private Verifier(ThrowawayLoader loader) {
    this.loader = loader;
  }

  /**
   * @param source has the classes to verify, as they will run, and those that they refer to; those
   *     of the JDK are the running JVM's own
   */
  public static Verifier of(ClassSource source) {
    return new Verifier(new ThrowawayLoader(Objects.requireNonNull(source)));
  }

  /** False in a JVM that was told not to verify classes: all answers are open then. */
  static boolean isPossible() {
    return Running.VERIFIES;
  }

  /** Verifies one class of the source. */
  public Verdict verify(String internalName) {
    if (!isPossible()) {
      return new Verdict(Status.UNVERIFIED, "verification is switched off in this JVM");
    }
    return loader.verify(internalName.replace('/', '.'));
  }

  private static final class ThrowawayLoader extends ClassLoader {
    private final ClassSource source;

    /** Which class could not be defined: the error surfaces at the one that refers to it. */
    private final Map<Throwable, String> undefined = new IdentityHashMap<>();

    /** Of the classes that were linked, with those whose superclass or interface could not be. */
    private final Map<Class<?>, Verdict> verdicts = new HashMap<>();

    ThrowawayLoader(ClassSource source) {
      super(ClassLoader.getPlatformClassLoader());
      this.source = source;
    }

    Verdict verify(String name) {
      try {
        return verify(loadClass(name));
      } catch (ClassFormatError e) {
        return isOwn(e, name) ? Verdict.failed(e) : Verdict.unverified(e);
      } catch (ClassNotFoundException | LinkageError | SecurityException | UncheckedIOException e) {
        return Verdict.unverified(e);
      }
    }

    private Verdict verify(Class<?> type) {
      Verdict known = verdicts.get(type);
      if (known == null) {
        known = link(type);
        verdicts.put(type, known);
      }
      return known;
    }

    /**
     * Superclass and interfaces first, as the JVM does; but so that an error is put down to its own
     * class.
     */
    private Verdict link(Class<?> type) {
      List<Class<?>> parents = new ArrayList<>(List.of(type.getInterfaces()));
      if (type.getSuperclass() != null) {
        parents.add(type.getSuperclass());
      }
      for (Class<?> parent : parents) {
        if (parent.getClassLoader() == this && verify(parent).status() == Status.FAILED) {
          return new Verdict(
              Status.UNVERIFIED, parent.getName() + " failed: " + verify(parent).reason());
        }
      }
      Throwable unresolved = null;
      for (Consumer<Class<?>> link : type.isInterface() ? LINK_INTERFACE : LINK_CLASS) {
        try {
          link.accept(type);
          return Verdict.VERIFIED;
        } catch (VerifyError e) {
          return Verdict.failed(e);
        } catch (ClassFormatError e) {
          if (isOwn(e, type.getName())) {
            return Verdict.failed(e);
          }
          unresolved = e;
        } catch (LinkageError
            | TypeNotPresentException
            | SecurityException
            | UncheckedIOException e) {
          unresolved = unresolved == null ? e : unresolved;
        }
      }
      return Verdict.unverified(Objects.requireNonNull(unresolved));
    }

    /** A class of a later version than the JVM's may well be good. */
    private boolean isOwn(ClassFormatError error, String name) {
      return !(error instanceof UnsupportedClassVersionError)
          && undefined.getOrDefault(error, name).equals(name);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        int dot = name.lastIndexOf('.');
        return dot > 0 && Running.PACKAGES.contains(name.substring(0, dot))
            ? ClassLoader.getSystemClassLoader().loadClass(name)
            : findClass(name);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      ClassSource.ClassFile found = source.find(name.replace('.', '/'));
      if (found == null) {
        throw new ClassNotFoundException(name);
      }
      try {
        return defineClass(name, found.bytes(), 0, found.bytes().length);
      } catch (ClassFormatError e) {
        undefined.putIfAbsent(e, name);
        throw e;
      }
    }
  }

  /** The JVM that this runs on. */
  private static final class Running {
    /** The packages of the JDK, hidden ones too: a program cannot bring its own. */
    static final Set<String> PACKAGES = packages();

    /** False under {@code -XX:-BytecodeVerificationRemote} and the like. */
    static final boolean VERIFIES =
        new ThrowawayLoader(name -> new ClassSource.ClassFile(unverifiable(), "", true))
                .verify("Unverifiable")
                .status()
            == Status.FAILED;

    private static Set<String> packages() {
      ModuleFinder jdk = ModuleFinder.ofSystem();
      return ModuleLayer.boot().modules().stream()
          .filter(module -> jdk.find(module.getName()).isPresent())
          .map(Module::getPackages)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns an int where there is none. */
    private static byte[] unverifiable() {
      ClassWriter writer = new ClassWriter(0);
      writer.visit(Opcodes.V17, Opcodes.ACC_SUPER, "Unverifiable", null, "java/lang/Object", null);
      MethodVisitor method = writer.visitMethod(Opcodes.ACC_STATIC, "m", "()I", null, null);
      method.visitCode();
      method.visitInsn(Opcodes.IRETURN);
      method.visitMaxs(1, 0);
      method.visitEnd();
      writer.visitEnd();
      return writer.toByteArray();
    }
  }
}
