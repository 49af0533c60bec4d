/**
 * Things that are opened, used and closed again, whatever happens in between.
 *
 * <p>Enter at {@link io.vertask.resource.Resources}, or at {@link io.vertask.resource.ResourceStack} when how many
 * there are shows only on the way. This room uses only what {@code io.vertask.task} makes public.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>An acquire that has begun is waited for, also by a cancelled task: nobody else could give back what it still
 *       brings. An acquire that heeds cancellation ends at once, so that costs nothing.
 *   <li>The release runs in a shield with a deadline, so that no second cancel leaks the resource, and no hanging
 *       release holds the program for ever.
 *   <li>Whatever is pushed onto a stack is released, also what is still being opened when the stack closes: the close
 *       waits for that.
 * </ul>
 */
@NullMarked
package io.vertask.resource;

import org.jspecify.annotations.NullMarked;
