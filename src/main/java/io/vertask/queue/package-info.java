/**
 * QueueStorage handed from tasks that make them to tasks that work on them.
 *
 * <p>Enter at {@link io.vertask.queue.AsyncQueue}. This room uses only what {@code io.vertask.task} makes public.
 *
 * <pre>{@code
 * AsyncQueue<Order> orders = AsyncQueue.named("orders", 100);
 * TaskGroup.with(group -> {
 *     for (int i = 0; i < 4; i++) {
 *         group.start(() -> orders.forEach(this::handle));
 *     }
 *     return Tasks.forEach(incoming, orders::put) // waits while the queue is full
 *             .onComplete(end -> orders.shutdown()); // the workers finish what is there, then end
 * });
 * }</pre>
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>Whoever is woken has been promised an item, or a slot, and nobody else can take it; but the item stays in the
 *       queue, and the slot empty, until the woken one has its turn. So a cancel in between has nothing to undo: no
 *       item is lost, changes its place, or is there although its put was cancelled.
 *   <li>{@code tryPut} and {@code tryTake} say no with a value: that a queue is full or empty is no mistake. Only the
 *       end of the queue is an exception.
 *   <li>One lock for each queue, held for a few instructions, since any thread may put and take; no code of anybody's
 *       runs under it, but the comparator of a priority queue.
 * </ul>
 */
@NullMarked
package io.vertask.queue;

import org.jspecify.annotations.NullMarked;
