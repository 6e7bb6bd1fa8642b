/**
 * Programs to copy, each a class with a {@code main}.
 *
 * <ul>
 *   <li>{@link io.treadle.samples.Hello}: the first program.
 *   <li>{@link io.treadle.samples.Callbacks}: the loop without tasks, a trampoline for callbacks.
 *   <li>{@link io.treadle.samples.WorkerLoop}: a main thread that blocks, and the loop beside it.
 *   <li>{@link io.treadle.samples.FutureStyle}: async methods for programs that know only futures.
 *   <li>{@link io.treadle.samples.Generator}: a body that pauses, without a loop.
 *   <li>{@link io.treadle.samples.linkcheck.LinkCheck}: checks the links of a web site; the one to
 *       read for how a whole program is written.
 * </ul>
 */
@NullMarked
package io.treadle.samples;

import org.jspecify.annotations.NullMarked;
