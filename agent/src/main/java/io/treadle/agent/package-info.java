/**
 * Weaves classes as they are loaded.
 *
 * <p>Four roads lead here: {@code -javaagent:treadle-agent.jar} and {@code java -jar} ({@link
 * io.treadle.agent.Agent}, {@link io.treadle.agent.Main}), a session of JUnit ({@link
 * io.treadle.agent.AttachBeforeTests}), and Byte Buddy's build plugins ({@link
 * io.treadle.agent.BuildPlugin}), which weave files.
 *
 * <p>The JVM shows every class to {@link io.treadle.agent.LoadTimeWeaving}. Nearly all of them are
 * none of its business, so it asks first whether the {@link io.treadle.agent.ConstantPool} names a
 * type that {@link io.treadle.agent.AsyncTypes} knows to have async methods. What is left goes
 * through Byte Buddy's {@code AgentBuilder} to the weaver of its class loader ({@link
 * io.treadle.agent.LoaderWeaver}), and the weaver's bytes come back unchanged ({@link
 * io.treadle.agent.GivenBytes}). A class that cannot be woven becomes one whose methods say so
 * ({@link io.treadle.agent.FailingClass}), because the JVM swallows what a transformer throws.
 */
@NullMarked
package io.treadle.agent;

import org.jspecify.annotations.NullMarked;
