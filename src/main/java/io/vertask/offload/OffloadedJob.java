package io.vertask.offload;

import io.netty.channel.EventLoop;
import io.vertask.task.CancelledException;
import io.vertask.task.ClosedException;
import io.vertask.task.Waiter;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One offloaded call, which runs at most once; its thread can be interrupted for its sake only while it runs.
 *
 * <pre>
 *  QUEUED ──a thread begins it──▶ RUNNING ──the thread leaves it──▶ DONE: the interrupt flag is cleared, the slot freed,
 *    │                               │                                    and then the task gets the result
 *  cancel                        cancel: by {@link OnCancel}
 *    ▼
 *  TAKEN_BACK: never runs
 * </pre>
 *
 * <p>All transitions are made under this job's lock; cancels come on the task's event loop, the rest on the pool's
 * thread.
 */
final class OffloadedJob<T> implements Callable<Void> {
    private enum State {
        QUEUED,
        RUNNING,
        DONE,
        TAKEN_BACK
    }

    /** The longest time from the end of a pool with its Vertx to the cancel of the Vertx's tasks. */
    private static final long A_MOMENT_MS = 1000;

    private static final ThreadLocal<@Nullable OffloadedJob<?>> CURRENT = new ThreadLocal<>();

    final String name;
    /** A copy of the task's context and its values at the call; the job's changes don't reach the task. */
    final ContextInternal context;

    private final Offload pool;
    private final Callable<T> body;
    private final OnCancel onCancel;
    private final Waiter<T> wait;

    // guarded by this
    private State state = State.QUEUED;
    private @Nullable Thread runner;
    private boolean abandoned;
    private boolean interrupted;
    private @Nullable ScheduledFuture<?> patience;
    /** Set while the job, which ended with its Vertx, waits for the cancel of its task. */
    private @Nullable ScheduledFuture<?> cancelToCome;

    /** The reason for the job to stop; read by the job itself. */
    private volatile @Nullable RuntimeException stop;

    OffloadedJob(Offload pool, String name, Callable<T> body, OnCancel onCancel, Waiter<T> wait) {
        this.pool = pool;
        this.name = name;
        this.body = body;
        this.onCancel = onCancel;
        this.wait = wait;
        this.context = ContextInternal.current().duplicate(true);
        wait.onCancel(this::cancelled).onUndelivered(this::closeLate);
    }

    static void checkCancelled() {
        OffloadedJob<?> job = CURRENT.get();
        RuntimeException why = job == null ? null : job.stop;
        if (why != null) {
            throw why;
        }
    }

    // ---- on the pool's thread

    @Override
    public @Nullable Void call() {
        if (!begin()) {
            pool.left(this);
            pool.tellClosing();
            return null;
        }
        T value = null;
        Throwable error = null;
        CURRENT.set(this);
        try {
            value = body.call();
        } catch (Throwable thrown) {
            error = thrown;
        } finally {
            CURRENT.remove();
            end();
        }
        pool.left(this);
        try {
            deliver(value, error);
        } finally {
            pool.tellClosing();
        }
        return null;
    }

    private synchronized boolean begin() {
        if (state != State.QUEUED) {
            return false;
        }
        state = State.RUNNING;
        runner = Thread.currentThread();
        return true;
    }

    private void end() {
        synchronized (this) {
            state = State.DONE;
            runner = null;
            if (patience != null) {
                patience.cancel(false);
            }
        }
        // from here on this job causes no interrupt; one that came too late must not hit the thread's next job
        Thread.interrupted();
    }

    private void deliver(@Nullable T value, @Nullable Throwable error) {
        if (error instanceof VirtualMachineError || error instanceof LinkageError) {
            report(error);
        }
        boolean left = wasAbandoned();
        if (error == null) {
            if (left) {
                close(value);
            } else {
                wait.resume(value);
            }
        } else if (!StopAnswer.is(error, mayBeInterrupted())) {
            if (left) {
                report(error);
            } else {
                wait.fail(error);
            }
        } else if (!left) {
            stopped(error);
        }
    }

    /** Ends the wait of a job that ended with {@code answer} because it was stopped. */
    private void stopped(Throwable answer) {
        RuntimeException why = stop;
        if (why instanceof CancelledException) {
            wait.fail(why);
        } else if (why != null) {
            wait.fail(closed("closed", answer));
        } else if (pool.isClosedWithVertx()) {
            endWithVertx(closed("closed with its Vertx", answer));
        } else {
            // the cancellation of something else
            wait.fail(answer);
        }
    }

    private RuntimeException closed(String how, Throwable cause) {
        RuntimeException closed =
                new ClosedException("pool '" + pool.name() + "' was " + how + ": job '" + name + "' was interrupted");
        closed.initCause(cause);
        return closed;
    }

    /**
     * Whether an interrupt of the job's thread is no failure: this job was to be interrupted, or goes on without its
     * task, or Vert.x did it, as it does when it closes.
     */
    private synchronized boolean mayBeInterrupted() {
        return interrupted || abandoned || pool.isClosedWithVertx();
    }

    /**
     * Ends the wait of a job that the closing of its Vertx has ended. That also cancels the task, a moment earlier or
     * later; the job fails with {@code why} only if that cancel does not come.
     */
    void endWithVertx(RuntimeException why) {
        if (!pool.isOf(context.owner())) {
            wait.fail(why);
            return;
        }
        EventLoop loop = context.nettyEventLoop();
        try {
            loop.execute(() -> {
                RuntimeException asked = stop;
                if (asked != null) {
                    wait.fail(asked);
                } else {
                    cancelToCome = loop.schedule(() -> wait.fail(why), A_MOMENT_MS, TimeUnit.MILLISECONDS);
                }
            });
        } catch (RejectedExecutionException noLoop) {
            wait.fail(why);
        }
    }

    private void close(@Nullable Object value) {
        if (value instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception thrown) {
                report(thrown);
            }
        }
    }

    private synchronized boolean wasAbandoned() {
        return abandoned;
    }

    // ---- on the task's event loop

    /** The task was cancelled. True when its wait ends now: the job never ran, or goes on without the task. */
    private boolean cancelled(CancelledException cause) {
        State was;
        Thread hit = null;
        if (cancelToCome != null) {
            cancelToCome.cancel(false);
            return true;
        }
        synchronized (this) {
            stop = cause;
            was = state;
            if (was == State.QUEUED) {
                state = State.TAKEN_BACK;
            } else if (was == State.RUNNING && onCancel == OnCancel.ABANDON) {
                abandoned = true;
            } else if (was == State.RUNNING && onCancel == OnCancel.INTERRUPT) {
                hit = interruptAndWatch();
            }
        }
        // outside the lock: the pool's lock is never taken inside a job's, and a listener is foreign code
        if (was == State.QUEUED) {
            pool.forget(this);
            tell(listener -> listener.takenBack(name));
        } else if (hit != null) {
            String thread = hit.getName();
            tell(listener -> listener.interrupted(name, thread));
        }
        return was == State.QUEUED || (was == State.RUNNING && onCancel == OnCancel.ABANDON);
    }

    /**
     * Closes a value that came after the task was cancelled. That may block, so a worker thread of Vert.x does it: the
     * pool may be closed by now.
     */
    private void closeLate(@Nullable T value) {
        if (value instanceof AutoCloseable) {
            context.executeBlocking(Executors.callable(() -> close(value)), false);
        }
    }

    private @Nullable Thread interruptAndWatch() {
        if (runner != null) {
            interrupted = true;
            runner.interrupt();
            patience = context.nettyEventLoop()
                    .schedule(this::giveUp, Diagnostics.nanos(pool.options().interruptLimit()), TimeUnit.NANOSECONDS);
        }
        return runner;
    }

    /** The thread ignored its interrupt: the task goes on without it, and the slot stays taken. */
    private void giveUp() {
        StuckJobException stuck;
        synchronized (this) {
            if (state != State.RUNNING || runner == null) {
                return;
            }
            abandoned = true;
            stuck = new StuckJobException(
                    "thread " + runner.getName() + " ignored interrupt for "
                            + Diagnostics.text(pool.options().interruptLimit()) + " in " + Diagnostics.of(runner),
                    List.of(name));
        }
        report(stuck);
        tell(listener -> listener.stuck(stuck));
        // the wait was cancelled, so it fails with the cancellation
        wait.resume(null);
    }

    // ---- on any thread, when the pool is closed

    /** Ends the wait of a job that no thread will take. */
    void refuse(RuntimeException why) {
        if (takeBack()) {
            wait.fail(why);
        }
    }

    /** {@link #refuse} for a job whose pool was closed with its Vertx. */
    void refuseWithVertx() {
        if (takeBack()) {
            endWithVertx(new ClosedException(
                    "pool '" + pool.name() + "' was closed with its Vertx: job '" + name + "' was not taken"));
        }
    }

    private synchronized boolean takeBack() {
        boolean queued = state == State.QUEUED;
        state = queued ? State.TAKEN_BACK : state;
        return queued;
    }

    /** Interrupts the job if it runs. */
    synchronized void interrupt(RuntimeException why) {
        if (state == State.RUNNING && runner != null) {
            stop = stop == null ? why : stop;
            interrupted = true;
            runner.interrupt();
        }
    }

    /** Such as {@code 'resize' on thread img-1 in Resize.run (Resize.java:41)}. */
    synchronized String whereabouts() {
        return "'" + name + "'"
                + (runner == null ? "" : " on thread " + runner.getName() + " in " + Diagnostics.of(runner));
    }

    private void tell(Consumer<OffloadListener> news) {
        try {
            news.accept(pool.options().listener());
        } catch (RuntimeException thrown) {
            report(thrown);
        }
    }

    private void report(Throwable error) {
        context.runOnContext(v -> context.reportException(error));
    }
}
