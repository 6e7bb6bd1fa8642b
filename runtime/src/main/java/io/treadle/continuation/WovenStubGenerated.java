package io.treadle.continuation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a stub, the user's method once its body has moved away.
 *
 * <p>Coverage tools leave out what bears an annotation whose name contains {@code Generated}: the
 * user's lines are counted in the body, and the stub has none.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface WovenStubGenerated {}
