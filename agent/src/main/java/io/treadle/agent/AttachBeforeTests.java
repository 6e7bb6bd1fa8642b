package io.treadle.agent;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Attaches the agent when a session of JUnit starts, before test classes are looked for and loaded.
 *
 * <p>JDK 21 and later print a warning when an agent attaches, unless they are started with {@code
 * -XX:+EnableDynamicAgentLoading}; {@code -javaagent:treadle-agent.jar} serves tests as well.
 *
 * <p>It is found by being on the class path. The system property {@code io.treadle.agent.attach}
 * with the value {@code false} keeps it from doing so, for classes that the build has woven.
 */
public final class AttachBeforeTests implements LauncherSessionListener {
  private static final String ATTACH = "io.treadle.agent.attach";

  /** Called by JUnit's {@code ServiceLoader}. */
  public AttachBeforeTests() {}

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if ("false".equals(System.getProperty(ATTACH))) {
      return;
    }
    try {
      Agent.attach();
    } catch (IllegalStateException e) {
      // Tests that are woven by the build run as well; the others say that they are not woven.
      System.err.println("Treadle: " + e.getMessage());
    }
  }
}
