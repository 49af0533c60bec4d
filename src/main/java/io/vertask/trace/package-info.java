/**
 * Observability of running tasks: listeners, task trees, timelines and slow steps.
 *
 * <p>Enter at {@link io.vertask.trace.TaskTree} (the running tasks: {@code ps}, {@code pstree}, the wait-for graph) and
 * at {@link io.vertask.trace.Tracing} (listeners, slow steps, debug mode); {@link io.vertask.trace.TraceRecorder},
 * {@link io.vertask.trace.ChromeTrace} and {@link io.vertask.trace.JfrEvents} build on listeners. This room uses what
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
 * {@code Tracing.of(vertx).debug(true)} for one. It then records the line that started each task, fails a wait that
 * closes a cycle of tasks waiting for each other, and logs slow steps and forgotten work.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>Nothing is registered for the tree: the tree of scopes exists anyway, for cancelling, and is read on demand on
 *       its event loop.
 *   <li>A coroutine that is never started is not reported, unlike in asyncio: it is only a lambda. Started work that is
 *       forgotten is reported when the body around it succeeds and the work is cancelled for that reason.
 *   <li>JFR's classes are loaded by {@link io.vertask.trace.JfrEvents#install} only, because a JDK may lack them.
 * </ul>
 */
@NullMarked
package io.vertask.trace;

import org.jspecify.annotations.NullMarked;
