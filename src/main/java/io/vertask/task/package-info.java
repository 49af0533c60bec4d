/**
 * The core: coroutines, tasks, scopes and cancellation on Vert.x event loops.
 *
 * <p>Enter at {@link io.vertask.task.Tasks} (the verbs), {@link io.vertask.task.TaskGroup} (a scope for children) and
 * {@link io.vertask.task.Waiter} (the primitive of which the other rooms are made). It uses vertx-core only. It is
 * larger than other rooms because the verbs need the inside of tasks, which no other room may see.
 *
 * <p>Inside, each layer knows only those before it:
 *
 * <ol>
 *   <li>values, errors and rules: {@code Outcome}, {@code CancelRequest}, {@code FailureRules}, {@code Timers}, …
 *   <li>the tree of running things: {@code Scope} and {@code Node}, with {@code RunningTask}, {@code Waiter} and
 *       {@code Ready}, the queue through which they run. These know each other: a task is a scope, a wait is a node of
 *       one, and the end of a task ends waits.
 *   <li>blocks, the scopes inside a task: {@code BodyBlock}, {@code TimeoutBlock}, {@code GroupBlock}, …
 *   <li>loops made of blocks and waits: {@code StepLoop}, {@code RetryLoop}, {@code RestartLoop}
 *   <li>the verbs, and the surveys of what runs: {@code Tasks}, {@code Survey}
 * </ol>
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A scope is a node of one tree: a task, a timeout, a group, a gather, a cleanup. Each has a duplicated Vert.x
 *       context of its own, and the context carries the scope. So two branches of one task can't mistake each other's
 *       scope, and nothing has to be passed by hand.
 *   <li>The state of a scope is touched on its event loop only; other threads post to it. There are no locks.
 *   <li>No wake-up runs inside the call that caused it. It goes through the ready queue of the loop.
 *   <li>A cancelled scope stays cancelled (level-triggered). Work that is started in it afterwards fails at once.
 *   <li>A scope is over when its body has ended <em>and</em> nothing lives in it any more.
 *   <li>A value and a cancel never both win. A wait that is cancelled before its turn fails, and its value goes to its
 *       dispose hook. From its turn on, the value belongs to the body, and no cancel takes it back.
 *   <li>The end of a task, a timeout or a cleanup is decided when its body ends; that of a gather or a group when its
 *       last child has ended too. A later turn hands it out. A cancel in between is too late for it, and for everything
 *       that ends within that hand-out ({@code Ready.late}). So a permit that a wait has given leaves any number of
 *       blocks. The scope stays cancelled all the same: its next wait fails.
 *   <li>A cancel does drop the values of children in a gather or a group that has not ended. A child whose value must
 *       be closed closes it itself ({@code finallyDo}). A shield has a hook for a value whose caller has gone.
 * </ul>
 */
@NullMarked
package io.vertask.task;

import org.jspecify.annotations.NullMarked;
