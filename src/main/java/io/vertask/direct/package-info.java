/**
 * Straight-line code on the event loop's own terms: {@code await} where others chain futures. JDK 21 and later.
 *
 * <p>Enter at {@link io.vertask.direct.Direct}. This room uses only what {@code io.vertask.task} makes public; its door
 * there is {@link io.vertask.task.Strand}.
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
 *       until the body waits or ends. A scheduler of our own, which would run virtual threads on the event loop itself,
 *       can't be had on JDK 21 to 25 without opening the JDK's internals; Vert.x's virtual-thread contexts run one body
 *       at a time among themselves, but beside the event loop.
 *   <li>No thread is ever interrupted: a cancelled wait fails, and is thrown where it is awaited. An interrupt would
 *       have to be told from one of the user's, and Vert.x's own {@code Future.await} does not survive it.
 *   <li>A cancelled scope stays cancelled in straight-line code too, so an {@code await} in a {@code finally} fails at
 *       once: what has to wait there is put into {@link io.vertask.direct.Direct#cleanup}. A {@code finally} that could
 *       wait as it likes is one that a second cancel would have to cut.
 *   <li>The body of a block ({@code timeout}, {@code with}) runs on the thread that opened the block: one stack, so
 *       that an exception shows where it comes from.
 * </ul>
 */
@NullMarked
package io.vertask.direct;

import org.jspecify.annotations.NullMarked;
