/**
 * Queues that hand items from producing tasks to consuming tasks.
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
 *   <li>A woken task has been promised an item or a slot that no other task can take; but the item stays in the queue,
 *       and the slot empty, until that task has its turn. So a cancel in between has nothing to undo: no item is lost,
 *       no item changes its place, and no item is in the queue although its put was cancelled.
 *   <li>{@code tryPut} and {@code tryTake} report a full or empty queue by their value, since that is no error. Only a
 *       queue that is shut down is an exception.
 *   <li>Each queue has one lock, held for a few instructions, since any thread may put and take. The comparator of a
 *       priority queue is the only user code that runs under it.
 * </ul>
 */
@NullMarked
package io.vertask.queue;

import org.jspecify.annotations.NullMarked;
