package io.treadle.continuation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose {@code @Async} methods have been woven, and says which linkage it was woven
 * for.
 *
 * <p>It is kept in the class file only: reflection sees the class that the user wrote.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Woven {
  /** The linkage: {@link Linkage#VERSION} of the weaver. */
  int value();
}
