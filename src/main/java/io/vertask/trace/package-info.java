/**
 * Seeing it in process: who listens to tasks, and what can be shown of them.
 *
 * <p>Enter at {@link io.vertask.trace.TaskTree} (what runs now: {@code ps}, {@code pstree}, who waits for whom) and at
 * {@link io.vertask.trace.Tracing} (listeners, slow steps, debug mode); {@link io.vertask.trace.TraceRecorder},
 * {@link io.vertask.trace.ChromeTrace} and {@link io.vertask.trace.JfrEvents} are made of those. This room uses what
 * {@code io.vertask.task} makes public: {@code Survey} and {@code Probe}.
 *
 * <pre>{@code
 * TaskTree.of(vertx).onSuccess(tree -> System.out.println(tree.pstree()));
 *
 * main (#1) RUNNING 2.3s
 * ├── gather
 * │   ├── task-2 (#2) RUNNING 2.3s: sleep 5s
 * │   └── task-3 (#3) RUNNING 2.3s: acquire of semaphore 'db'
 * └── timeout, 700ms left: task 'main/load' (#4)
 * }</pre>
 *
 * <p><b>Debug mode</b> is switched on by {@code -Dvertask.debug=true} for every Vertx, or by
 * {@code Tracing.of(vertx).debug(true)} for one. It then knows the line that started each task, fails a wait that
 * closes a cycle of tasks waiting for each other, and logs slow steps and whatever was forgotten.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>Nothing is registered while nobody looks: the tree exists anyway, for cancelling, and is read on the event loop
 *       it belongs to.
 *   <li>A coroutine that was never handed to a verb is not reported, as asyncio does with one that was never awaited:
 *       it is a lambda, and nothing exists of it until it is started. What can be forgotten is the end of something
 *       that was started: that is reported when the body around it ends well and it is cancelled for that reason.
 *   <li>JFR's classes are loaded by {@link io.vertask.trace.JfrEvents#install} only: a JDK may lack them.
 * </ul>
 */
@NullMarked
package io.vertask.trace;

import org.jspecify.annotations.NullMarked;
