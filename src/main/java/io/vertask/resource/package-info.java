/**
 * Resources that are closed after use, whatever happens in between.
 *
 * <p>Enter at {@link io.vertask.resource.Resources}, or at {@link io.vertask.resource.ResourceStack} when their number
 * is known only at run time. This room uses only what {@code io.vertask.task} makes public.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>An acquire that has begun is waited for, even by a cancelled task: no other code could release what it brings.
 *       An acquire that honours cancellation ends at once, so the wait is short.
 *   <li>The release runs in a shield with a deadline, so that a second cancel can't leak the resource and a hanging
 *       release can't block the program forever.
 *   <li>Everything pushed onto a stack is released, including a resource that is still being opened when the stack
 *       closes: the close waits for it.
 * </ul>
 */
@NullMarked
package io.vertask.resource;

import org.jspecify.annotations.NullMarked;
