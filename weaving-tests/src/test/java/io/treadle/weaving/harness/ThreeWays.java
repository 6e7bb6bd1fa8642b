package io.treadle.weaving.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A case: an {@code @Async} method without parameters that must do the same unwoven, woven, and
 * woven with suspensions. See the description of this package.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(ThreeWaysExtension.class)
public @interface ThreeWays {
  /** What compiles the case. */
  SourceCompiler[] compilers() default {SourceCompiler.JAVAC, SourceCompiler.ECJ};

  /** More options for the compilers. */
  String[] options() default {};
}
