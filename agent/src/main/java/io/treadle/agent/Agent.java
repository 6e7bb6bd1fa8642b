package io.treadle.agent;

import java.lang.instrument.Instrumentation;
import java.util.SortedSet;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;

/**
 * Weaves the classes that are loaded from now on.
 *
 * <p>Start a program with {@code -javaagent:treadle-agent.jar}, and all its classes are woven. An
 * agent that computes coverage from the classes in the build folder has to come before this one on
 * the command line.
 *
 * <p>Errors and warnings are printed on the standard error stream, as compilers do. A method that
 * could not be woven throws {@code io.treadle.WeavingError} when it is called.
 */
public final class Agent {
  /**
   * A system property that says in which process an agent is installed. The classes of a second
   * agent may come from another loader; this is what they have in common. The process is named
   * because some programs hand their properties on to other JVMs.
   */
  private static final String INSTALLED = "io.treadle.agent.installed";

  private static final String WAYS_OUT =
      "start the JVM with -javaagent:treadle-agent.jar, or weave the classes with the"
          + " treadle-maven-plugin";

  private static @Nullable Instrumentation instrumentation;

  private Agent() {}

  /** Called by the JVM for {@code -javaagent}. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    install(instrumentation);
  }

  /** Called by the JVM for {@code java -jar treadle-agent.jar}, and when a tool loads the agent. */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    install(instrumentation);
  }

  /**
   * Installs the agent, unless one is installed already. Classes that should have been woven and
   * are loaded are listed on the standard error stream.
   */
  public static synchronized void install(Instrumentation given) {
    if (instrumentation == null) {
      instrumentation = given;
    }
    String process = Long.toString(ProcessHandle.current().pid());
    if (process.equals(System.getProperty(INSTALLED))) {
      return;
    }
    System.setProperty(INSTALLED, process);
    LoadTimeWeaving weaving = new LoadTimeWeaving();
    weaving.installOn(given);
    // Afterwards: so no class that is loaded meanwhile is forgotten.
    SortedSet<String> unwoven = LoadedClasses.unwoven(given, weaving.weavers());
    if (!unwoven.isEmpty()) {
      System.err.println(
          "Treadle: loaded before the agent and therefore not woven: "
              + String.join(", ", unwoven)
              + "; "
              + WAYS_OUT);
    }
  }

  /**
   * Installs the agent in this JVM, unless one is installed already.
   *
   * @throws IllegalStateException if this JVM does not let agents attach
   */
  public static void attach() {
    if (!Long.toString(ProcessHandle.current().pid()).equals(System.getProperty(INSTALLED))) {
      install(attached());
    }
  }

  /** The instrumentation of this JVM, through the agent or by attaching. */
  static synchronized Instrumentation instrumentation() {
    return instrumentation != null ? instrumentation : attached();
  }

  private static Instrumentation attached() {
    try {
      return ByteBuddyAgent.install();
    } catch (IllegalStateException | LinkageError e) {
      throw new IllegalStateException(
          "the Treadle agent cannot attach to this JVM (" + e.getMessage() + "): " + WAYS_OUT, e);
    }
  }
}
