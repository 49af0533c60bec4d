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
 *   <li>A value and a cancel never both win. At a wait, the cancel wins until the wait's turn, and the value goes to
 *       its dispose hook. From there on the value is the body's, and a cancel never takes it back: the end of a task, a
 *       timeout, a cleanup is decided when its body ends, that of a gather or a group when its last child has ended
 *       too; it is handed out by a later turn, and a request that comes in between is too late for it and for all that
 *       ends within that hand-out ({@code Ready.late}). So a permit that a wait has given gets out of however many
 *       blocks, flat on the stack. The scope stays cancelled all the same: the next wait in it fails. What a cancel
 *       does drop are the values of children in a gather or group that has not ended: a child whose value must be
 *       closed closes it itself ({@code finallyDo}), and a shield has a hook for a value whose caller has gone.
 * </ul>
 */
@NullMarked
package io.vertask.task;

import org.jspecify.annotations.NullMarked;
