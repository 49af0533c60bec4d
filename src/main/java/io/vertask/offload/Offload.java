package io.vertask.offload;

import io.vertask.task.ClosedException;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of threads for work that would block the event loop.
 *
 * <p>{@code io.call(() -> Files.readString(path))} runs the call on a thread of the pool and delivers its result on the
 * caller's context. Calls are served in arrival order. {@link #blocking} is for work that waits, {@link #cpu} for work
 * that computes; two pools of the same name in one Vertx share their threads.
 *
 * <p><b>Failure.</b> The job's own exception, unwrapped even if checked; {@link ClosedException} after {@link #close},
 * also when a job was interrupted by it.
 *
 * <p><b>Cancellation.</b> A queued job never runs. A running job is interrupted, awaited or abandoned, as
 * {@link OnCancel} says. A value that comes too late is dropped, and closed if it is {@link AutoCloseable}. An
 * interrupted job that ends with an interruption or a cancellation, or with an exception around one, has not failed;
 * any other failure of it is suppressed in the cancellation.
 *
 * <p><b>Threads.</b> {@link #call} is for tasks, on any event loop; any thread may call the rest. The job sees the
 * values of the task's context as they were at the call, but can't call the methods that need a task.
 */
public final class Offload {
    /** Turns off Vert.x's warnings about long jobs: {@code Tasks.timeout} limits them. */
    private static final long DAYS_WITHOUT_WARNING = 365;

    private final String name;
    private final OffloadOptions options;
    private final WorkerExecutor executor;
    private final VertxInternal vertx;

    // guarded by this; never taken inside a job's lock
    private final LinkedHashSet<OffloadedJob<?>> queue = new LinkedHashSet<>();
    private final Set<OffloadedJob<?>> running = new LinkedHashSet<>();
    private @Nullable PoolShutdown closing;

    private Offload(Vertx vertx, String name, OffloadOptions options) {
        this.vertx = (VertxInternal) vertx;
        this.name = name;
        this.options = options;
        this.executor = vertx.createSharedWorkerExecutor(name, options.threads(), DAYS_WITHOUT_WARNING, TimeUnit.DAYS);
    }

    /** A pool for work that blocks on I/O, for {@code threads} concurrent jobs. */
    public static Offload blocking(Vertx vertx, String name, int threads) {
        Objects.requireNonNull(vertx, "Offload.blocking: vertx is null");
        Objects.requireNonNull(name, "Offload.blocking: name is null");
        return of(vertx, name, OffloadOptions.threads(threads));
    }

    /** A pool for work that computes, with one thread per core, called {@code vertask-cpu-0} and so on. */
    public static Offload cpu(Vertx vertx) {
        Objects.requireNonNull(vertx, "Offload.cpu: vertx is null");
        return of(
                vertx,
                "vertask-cpu",
                OffloadOptions.threads(Runtime.getRuntime().availableProcessors()));
    }

    /** A pool with {@code options}, whose threads are called {@code name-0} and so on. */
    public static Offload of(Vertx vertx, String name, OffloadOptions options) {
        Objects.requireNonNull(vertx, "Offload.of: vertx is null");
        Objects.requireNonNull(name, "Offload.of: name is null");
        Objects.requireNonNull(options, "Offload.of: options is null");
        return new Offload(vertx, name, options);
    }

    /** The name, for messages and as the prefix of its threads' names. */
    public String name() {
        return name;
    }

    /** {@link #call(String, Callable, OnCancel)} with a default name, interrupted when cancelled. */
    public <T> Future<T> call(Callable<T> body) {
        return call("job", body);
    }

    /** {@link #call(String, Callable, OnCancel)}, interrupted when cancelled. */
    public <T> Future<T> call(String job, Callable<T> body) {
        return call(job, body, OnCancel.INTERRUPT);
    }

    /**
     * Runs {@code body} on a thread of the pool.
     *
     * @param job the name of the call, for messages
     */
    public <T> Future<T> call(String job, Callable<T> body, OnCancel onCancel) {
        Objects.requireNonNull(job, "Offload.call: job is null");
        Objects.requireNonNull(body, "Offload.call: body is null");
        Objects.requireNonNull(onCancel, "Offload.call: onCancel is null");
        return Waiter.await("job '" + job + "' of pool '" + name + "'", wait -> {
            wait.outside();
            enqueue(new OffloadedJob<>(this, job, body, onCancel, wait));
            pump();
        });
    }

    /**
     * Throws the cancellation in a job whose task was cancelled, or whose pool was closed; otherwise does nothing. Long
     * computations call it to be stoppable.
     */
    public static void checkCancelled() {
        OffloadedJob.checkCancelled();
    }

    /** The number of running jobs, abandoned ones included. */
    public synchronized int running() {
        return running.size();
    }

    /** The number of jobs that wait for a thread. */
    public synchronized int queued() {
        return queue.size();
    }

    /**
     * Refuses further jobs and waits for the present ones, for at most {@link OffloadOptions#closeLimit}. Then it fails
     * the queued jobs, interrupts the running ones, and waits one more second.
     *
     * <p><b>Failure.</b> {@link StuckJobException} with the names and locations of the jobs that still run.
     *
     * <p><b>Cancellation.</b> Ends the wait; the close continues. A second call waits for the first.
     */
    public Future<Void> close() {
        ContextInternal here = vertx.getOrCreateContext();
        PoolShutdown it;
        boolean first;
        synchronized (this) {
            it = closing;
            first = it == null;
            if (it == null) {
                it = new PoolShutdown(this, here);
                closing = it;
            }
        }
        if (first) {
            it.begin();
        }
        return here.future(it.end()::onComplete);
    }

    // ---- for jobs

    /** Whether the Vertx is closing or closed, which interrupts the threads of its pools. */
    boolean isClosedWithVertx() {
        return vertx.closeFuture().isClosed();
    }

    boolean isOf(Vertx other) {
        return vertx == other;
    }

    OffloadOptions options() {
        return options;
    }

    private synchronized void enqueue(OffloadedJob<?> job) {
        if (closing != null) {
            throw new ClosedException("pool '" + name + "' is closed: job '" + job.name + "' was not taken");
        }
        queue.add(job);
    }

    /**
     * Starts queued jobs while slots are free. A loop and not a recursion, because a closed executor refuses every job.
     */
    private void pump() {
        for (OffloadedJob<?> next = next(); next != null; next = next()) {
            if (!launch(next)) {
                synchronized (this) {
                    running.remove(next);
                }
                next.refuseWithVertx();
            }
        }
    }

    private synchronized @Nullable OffloadedJob<?> next() {
        Iterator<OffloadedJob<?>> jobs = queue.iterator();
        if (running.size() >= options.threads() || !jobs.hasNext()) {
            return null;
        }
        OffloadedJob<?> next = jobs.next();
        jobs.remove();
        running.add(next);
        return next;
    }

    private boolean launch(OffloadedJob<?> job) {
        // on the job's context: the executor takes the current context for that of the job
        ContextInternal before = job.context.beginDispatch();
        try {
            executor.executeBlocking(job, false);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        } finally {
            job.context.endDispatch(before);
        }
    }

    /** Frees the slot of a job that its thread has left. */
    void left(OffloadedJob<?> job) {
        synchronized (this) {
            running.remove(job);
        }
        pump();
    }

    /** Removes a job that was cancelled before it ran. */
    void forget(OffloadedJob<?> job) {
        synchronized (this) {
            queue.remove(job);
        }
        tellClosing();
    }

    // ---- for the shutdown

    /** Tells the shutdown when no job is left. */
    void tellClosing() {
        PoolShutdown it;
        synchronized (this) {
            it = running.isEmpty() && queue.isEmpty() ? closing : null;
        }
        if (it != null) {
            it.idle();
        }
    }

    synchronized boolean isIdle() {
        return running.isEmpty() && queue.isEmpty();
    }

    synchronized Set<OffloadedJob<?>> takeQueue() {
        Set<OffloadedJob<?>> all = new LinkedHashSet<>(queue);
        queue.clear();
        return all;
    }

    synchronized Set<OffloadedJob<?>> runningJobs() {
        return new LinkedHashSet<>(running);
    }

    void closeExecutor() {
        executor.close();
    }

    @Override
    public synchronized String toString() {
        return "pool '" + name + "': " + running.size() + " running, " + queue.size() + " queued";
    }
}
