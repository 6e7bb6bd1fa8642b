/**
 * Weaves the output folders of a Maven module: {@code treadle:weave} and {@code
 * treadle:test-weave}.
 *
 * <p>No state is kept between builds. A class that is woven says so itself, and comes back from the
 * weaver as it is, with the findings about the jars that it calls; one that javac has compiled
 * again no longer says so, and is woven again.
 */
@NullMarked
package io.treadle.maven;

import org.jspecify.annotations.NullMarked;
