/**
 * The event loop below its tasks: callbacks, timers, the entry for other threads.
 *
 * <p>A tour: {@link io.treadle.loop.CallbackLoop} is the loop, one iteration after another. What is
 * ready waits in the {@code ReadyQueue}, a ring; timers wait in {@code Timers}, a heap; what other
 * threads post waits in the {@code Inbox}, a stack that is emptied at once. Three strategies can be
 * exchanged: the clock, the poller, in which the loop waits, and the order of the ready queue. They
 * are the interfaces in {@link io.treadle.EventLoop}; {@link io.treadle.loop.SystemClock} and
 * {@link io.treadle.loop.ParkingPoller} are the defaults.
 *
 * <p>Nothing here knows of tasks. All but the inbox and the wake-up belongs to the thread that runs
 * the loop and needs no synchronisation.
 */
@NullMarked
package io.treadle.loop;

import org.jspecify.annotations.NullMarked;
