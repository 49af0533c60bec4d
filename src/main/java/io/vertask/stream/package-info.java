/**
 * Asynchronous streams whose elements are pulled one by one: asyncio's asynchronous iterators and generators.
 *
 * <p>Enter at {@link io.vertask.stream.AsyncGenerator} (make one), {@link io.vertask.stream.Streams} (use one) and
 * {@link io.vertask.stream.Pages} (paginated sources); all of them give {@link io.vertask.stream.AsyncIterator}s.
 * {@link io.vertask.stream.Bridges} converts to and from Vert.x streams and {@code Flow.Publisher}. This room uses only
 * what {@code io.vertask.task} makes public.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A pull gives {@code Optional}: the end is a value that can't be overlooked and needs no second call. So
 *       elements are never null.
 *   <li>The consumer of a stream closes it. An operation that wraps a stream takes ownership of it; a stream that has
 *       ended or failed has nothing left open.
 *   <li>The producer of elements runs as a task of its own behind a hand-off, never in the consumer's scope: a timeout
 *       in a generator can't cut the consumer, and a timeout of the consumer can't cut the generator.
 *   <li>That task is a companion of the task that made the stream: the consumer's cleanup still finds the stream
 *       usable, and no stream outlives its task.
 *   <li>A cancelled pull takes nothing: the next pull gets its element.
 * </ul>
 */
@NullMarked
package io.vertask.stream;

import org.jspecify.annotations.NullMarked;
