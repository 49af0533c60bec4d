/**
 * The core: coroutines, tasks, scopes and cancellation on Vert.x event loops.
 *
 * <p>Enter at {@link io.vertask.task.Tasks} (the verbs), {@link io.vertask.task.TaskGroup} (a scope for children) and
 * {@link io.vertask.task.Waiter} (the one low-level door, of which the other rooms are made). This room uses vertx-core
 * only.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A scope is a node of one tree: a task, a timeout, a group, a gather, a cleanup. Each has a duplicated Vert.x
 *       context of its own, and the context carries the scope. So two branches of one task can never mistake each
 *       other's scope, and nothing has to be passed by hand.
 *   <li>All state of a scope is touched on its event loop only; other threads post to it. There are no locks.
 *   <li>Nothing wakes up inside somebody else's call: what becomes runnable goes through the loop's ready queue.
 *   <li>A cancelled scope stays cancelled (level-triggered): what is started in it afterwards fails at once.
 *   <li>A scope is over when its body has ended <em>and</em> nothing lives in it any more.
 * </ul>
 */
@NullMarked
package io.vertask.task;

import org.jspecify.annotations.NullMarked;
