package io.treadle;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that may suspend: it gives its thread back until what it waits for is there, and goes on
 * where it was.
 *
 * <p>The declared return type decides the style, once for a method and all its overrides:
 *
 * <ul>
 *   <li><b>direct</b>, any type: other {@code @Async} code calls it like any method, and suspends
 *       when it suspends; code that is not {@code @Async} cannot call it (see {@link Treadle#run});
 *   <li><b>future</b>, exactly {@code CompletableFuture}, {@code CompletionStage} or {@link Task}:
 *       anybody can call it. It runs to its first suspension and returns its future. What it throws
 *       arrives in the future.
 * </ul>
 *
 * <p>A lambda or method reference is {@code @Async} when the method of its functional interface is.
 *
 * <p>The class must be woven: by the Maven plugin at build time, or by the agent when it is loaded.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Async {}
