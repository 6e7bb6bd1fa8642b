package io.treadle.agent;

import io.treadle.instrumenter.ClassSource;
import io.treadle.instrumenter.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.AgentBuilder.CircularityLock;
import net.bytebuddy.agent.builder.AgentBuilder.InitializationStrategy;
import net.bytebuddy.agent.builder.AgentBuilder.RedefinitionStrategy;
import net.bytebuddy.agent.builder.ResettableClassFileTransformer;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.loading.ClassInjector.UsingUnsafe;
import net.bytebuddy.dynamic.scaffold.inline.MethodNameTransformer;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does with every class that the JVM is about to define.
 *
 * <p>Its transformer cannot retransform. So the JVM keeps the woven class as what a class is made
 * from, and those who retransform (mock makers, profilers) work on woven code; a debugger that
 * replaces a class by a new one from the compiler has that woven, too.
 */
final class LoadTimeWeaving {
  /**
   * The first JDK that warns of {@code sun.misc.Unsafe}. Byte Buddy takes hold of it for a strategy
   * that is replaced at once, unless it is told to be safe.
   */
  private static final int WARNS_OF_UNSAFE = 24;

  private static final String OWN_PACKAGE = "io/treadle/agent/";

  /** What the agent is made of, when it is not one jar with everything in its own package. */
  private static final List<String> OWN_LIBRARIES =
      List.of("io/treadle/instrumenter/", "net/bytebuddy/", "org/objectweb/asm/");

  /** What comes after the filter. */
  @FunctionalInterface
  interface Next {
    byte @Nullable [] transform(String name) throws Exception;
  }

  private final LoaderWeavers weavers;
  private final Supplier<PrintStream> log;

  /** The loaders of the classes that this thread is weaving, one inside the other. */
  private final ThreadLocal<Deque<ClassLoader>> underWay = ThreadLocal.withInitial(ArrayDeque::new);

  LoadTimeWeaving() {
    this(LoaderWeaver.Loom::of, () -> System.err);
  }

  LoadTimeWeaving(Function<ClassSource, LoaderWeaver.Loom> looms, Supplier<PrintStream> log) {
    this.weavers = new LoaderWeavers(looms);
    this.log = log;
  }

  LoaderWeavers weavers() {
    return weavers;
  }

  /** Has Byte Buddy show this the classes from now on. */
  void installOn(Instrumentation instrumentation) {
    boolean tell =
        Runtime.version().feature() >= WARNS_OF_UNSAFE
            && System.getProperty(UsingUnsafe.SAFE_PROPERTY) == null;
    if (tell) {
      System.setProperty(UsingUnsafe.SAFE_PROPERTY, "true");
    }
    try {
      agentBuilder().installOn(instrumentation);
    } finally {
      if (tell) {
        System.clearProperty(UsingUnsafe.SAFE_PROPERTY);
      }
    }
  }

  private AgentBuilder agentBuilder() {
    return new AgentBuilder.Default(new ByteBuddy())
        // Classes that are loaded while a class is woven are woven as well.
        .with(CircularityLock.Inactive.INSTANCE)
        .with(InitializationStrategy.NoOp.INSTANCE)
        .with(new NameOnly())
        .with(new WovenBytes())
        .with(Filter::new)
        .ignore(ElementMatchers.none())
        .type(ElementMatchers.any())
        .transform((builder, type, loader, module, domain) -> builder);
  }

  /**
   * Hands on what concerns the weaver.
   *
   * @return null where the class stays as it is
   */
  byte @Nullable [] filter(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      byte[] classFile,
      Next next) {
    String known = name;
    try {
      // The JVM gives no name where a loader defines a class without saying which.
      known = name != null ? name : ConstantPool.of(classFile).name();
      if (JdkTypes.contains(known) || isOwn(loader, known)) {
        return null;
      }
      ConstantPool pool = ConstantPool.of(classFile);
      ClassLoader asked = loader == null ? ClassLoader.getPlatformClassLoader() : loader;
      if (underWay.get().contains(asked)) {
        // The loader needs the class to find class files; to ask it for more could go on for ever.
        if (AsyncTypes.declares(pool)) {
          print(known + " was not woven: its class loader needed it to find class files");
        }
        return null;
      }
      underWay.get().push(asked);
      try {
        if (!concerns(loader, known, redefined, pool, classFile)) {
          return null;
        }
        byte[] woven = next.transform(known);
        return woven == classFile ? null : woven;
      } finally {
        underWay.get().pop();
      }
    } catch (Throwable e) { // the JVM would swallow it
      print(known + " was not woven: " + e);
      return null;
    }
  }

  /** True if the class goes through the weaver. Decided for every class: it has to be quick. */
  private boolean concerns(
      @Nullable ClassLoader loader,
      String name,
      @Nullable Class<?> redefined,
      ConstantPool pool,
      byte[] classFile) {
    LoaderWeaver weaver = weavers.of(loader);
    // What was not woven when it was loaded cannot be given new methods.
    boolean fixed = redefined != null && weaver.isUnwoven(name);
    return !fixed && weaver.concerns(pool) && !weaver.isGenerated(name, classFile);
  }

  /** The class file that the JVM gets: the given array if there is nothing to weave. */
  byte[] weave(@Nullable ClassLoader loader, String name, byte[] classFile) {
    Result result = weavers.of(loader).weave(name, classFile);
    result.diagnostics().forEach(this::print);
    return result.hasErrors() ? failing(loader, name, classFile, result) : result.bytes();
  }

  private byte[] failing(
      @Nullable ClassLoader loader, String name, byte[] classFile, Result result) {
    byte[] failing = FailingClass.where(classFile, result.diagnostics());
    if (failing != classFile) {
      Result rest = weavers.of(loader).weave(name, failing);
      if (!rest.hasErrors()) {
        return rest.bytes();
      }
    }
    return FailingClass.everywhere(classFile, result.diagnostics());
  }

  /** True for the classes of the agent itself. */
  static boolean isOwn(@Nullable ClassLoader loader, String name) {
    return loader == LoadTimeWeaving.class.getClassLoader()
        && (name.startsWith(OWN_PACKAGE) || OWN_LIBRARIES.stream().anyMatch(name::startsWith));
  }

  private void print(Object line) {
    log.get().println(line);
  }

  /** Keeps away from Byte Buddy what does not concern the weaver. */
  private final class Filter extends ResettableClassFileTransformer.AbstractBase {
    private final ResettableClassFileTransformer next;

    Filter(ResettableClassFileTransformer next) {
      this.next = next;
    }

    @Override
    public byte @Nullable [] transform(
        Module module,
        @Nullable ClassLoader loader,
        @Nullable String name,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain,
        byte[] classFile) {
      return filter(
          loader,
          name,
          redefined,
          classFile,
          known -> next.transform(module, loader, known, redefined, domain, classFile));
    }

    @Override
    public Iterator<AgentBuilder.Transformer> iterator(
        TypeDescription type,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain) {
      return next.iterator(type, loader, module, redefined, domain);
    }

    @Override
    public boolean reset(
        Instrumentation instrumentation,
        ResettableClassFileTransformer transformer,
        RedefinitionStrategy redefinition,
        RedefinitionStrategy.DiscoveryStrategy discovery,
        RedefinitionStrategy.BatchAllocator batches,
        RedefinitionStrategy.Listener listener) {
      return next.reset(instrumentation, transformer, redefinition, discovery, batches, listener);
    }
  }

  /**
   * Describes a type by its name: reading more would be in vain, and needs Byte Buddy's own ASM.
   */
  private static final class NameOnly implements AgentBuilder.DescriptionStrategy {
    private static final TypeDescription.Generic OBJECT =
        TypeDescription.Generic.OfNonGenericType.ForLoadedType.of(Object.class);

    @Override
    public boolean isLoadedFirst() {
      return false;
    }

    @Override
    public TypeDescription apply(
        String name,
        @Nullable Class<?> type,
        TypePool pool,
        CircularityLock lock,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module) {
      return new TypeDescription.Latent(name, 0, OBJECT, List.of());
    }
  }

  /** Takes a woven class for what would be built. */
  private final class WovenBytes implements AgentBuilder.TypeStrategy {
    @Override
    public DynamicType.Builder<?> builder(
        TypeDescription type,
        ByteBuddy byteBuddy,
        ClassFileLocator locator,
        MethodNameTransformer names,
        @Nullable ClassLoader loader,
        @Nullable JavaModule module,
        @Nullable ProtectionDomain domain) {
      try {
        byte[] classFile = locator.locate(type.getName()).resolve();
        byte[] woven = weave(loader, type.getInternalName(), classFile);
        return new GivenBytes<>(type, woven, List.of(), locator);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
