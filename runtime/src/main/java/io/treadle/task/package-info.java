/**
 * Tasks: woven bodies on the callbacks of {@link io.treadle.loop}.
 *
 * <p>A tour: {@link io.treadle.task.TaskLoop} is the event loop that programs see. A {@code
 * LoopTask} is the future of a task, its {@code TaskBody} the coroutine, which is itself the
 * callback that takes the next step. A suspended body waits for a {@code Wait}: time, another task,
 * the children of a group; or for a {@link io.treadle.continuation.Suspension}, which any thread
 * resumes. A {@code Scope} is what a cancellation names; timeouts and groups are scopes.
 *
 * <p>The static methods of {@link io.treadle.Treadle} are implemented here. Those that take a
 * {@link io.treadle.continuation.Coroutine} are primitives: they suspend without a frame of their
 * own.
 *
 * <p>A body that suspends does two things apart: the primitive notes what the body waits for, then
 * the stack unwinds, then the wait begins ({@code Wait.arm}). So a suspension that fails half-way,
 * for want of memory, leaves nothing behind that could resume the body.
 */
@NullMarked
package io.treadle.task;

import org.jspecify.annotations.NullMarked;
