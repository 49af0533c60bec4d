/**
 * Straight-line coroutines: {@code await} instead of chains of futures. For JDK 21 and later.
 *
 * <p>Enter at {@link io.vertask.direct.Direct}. This room uses only what {@code io.vertask.task} makes public, mainly
 * {@link io.vertask.task.Strand}.
 *
 * <pre>{@code
 * String worker(String name) throws Exception {
 *     try {
 *         while (true) {
 *             await(() -> Tasks.sleep(Duration.ofMillis(500)));
 *             System.out.println(name + ": tick");
 *         }
 *     } finally {
 *         cleanup(() -> await(() -> goodbye(name)));
 *     }
 * }
 * }</pre>
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A body runs on a virtual thread, but only in a turn of its context's ready queue, which takes no other turn
 *       until the body waits or ends. A custom scheduler that runs virtual threads on the event loop itself is not
 *       possible on JDK 21 to 25 without opening the JDK's internals. Vert.x's virtual-thread contexts run one body at
 *       a time among themselves, but concurrently with the event loop.
 *   <li>No thread is ever interrupted: a cancelled wait fails, and the failure is thrown by its {@code await}. An
 *       interrupt could not be told from one of the user's, and Vert.x's own {@code Future.await} does not survive it.
 *   <li>A cancelled scope stays cancelled in straight-line code too, so an {@code await} in a {@code finally} fails at
 *       once: code that waits there goes into {@link io.vertask.direct.Direct#cleanup}. If a {@code finally} could wait
 *       without that, a second cancel would have to cut it.
 *   <li>The body of a block ({@code timeout}, {@code with}) runs on the thread that opened the block: there is one
 *       stack, and an exception shows where it comes from.
 * </ul>
 */
@NullMarked
package io.vertask.direct;

import org.jspecify.annotations.NullMarked;
