/**
 * Sequences whose elements come one after the other, when they are asked for: asyncio's asynchronous generators.
 *
 * <p>Enter at {@link io.vertask.stream.AsyncGenerator} (make one), {@link io.vertask.stream.Streams} (use one) and
 * {@link io.vertask.stream.Pages} (walk a source that comes in pages); all of them are
 * {@link io.vertask.stream.AsyncIterator}s. {@link io.vertask.stream.Bridges} leads to and from Vert.x's streams and
 * {@code Flow.Publisher}. This room uses only what {@code io.vertask.task} makes public.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A pull gives {@code Optional}: the end is a value that can't be overlooked, needs no second call, and leaves no
 *       moment between «there is one more» and taking it. So elements are never null.
 *   <li>Whoever consumes a stream closes it. A verb that wraps one takes it over; a stream that has said «end», or has
 *       failed, has nothing left open.
 *   <li>What produces elements runs as a task of its own behind a hand-off, never in the consumer's scope: a limit that
 *       is opened in a generator can't cut the consumer, and none of the consumer's cuts a generator in two.
 *   <li>That task is a companion of the task in which the stream was made: the consumer's cleanup, however it ended,
 *       still finds the stream in order, and no stream outlives its task.
 *   <li>A cancelled pull takes nothing: what it would have got comes with the next one.
 * </ul>
 */
@NullMarked
package io.vertask.stream;

import org.jspecify.annotations.NullMarked;
