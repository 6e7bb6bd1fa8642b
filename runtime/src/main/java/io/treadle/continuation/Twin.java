package io.treadle.continuation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a twin that stands in the source.
 *
 * <p>The twin of an {@code @Async} method has the same name and one more parameter at the end, the
 * {@link Coroutine}. The weaver makes it, and hides it from compilers. Two kinds stand in the
 * source of the runtime, both static:
 *
 * <ul>
 *   <li>with a body: a primitive. It returns without having suspended, or ends with {@link
 *       Coroutine#suspending} and returns a value that nobody reads;
 *   <li>{@code native}: declared so that plain code can call it. The weaver replaces it with the
 *       real one.
 * </ul>
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Twin {}
