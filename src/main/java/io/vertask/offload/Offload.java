package io.vertask.offload;

import io.vertask.task.ClosedException;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of threads for work that would block the event loop.
 *
 * <p>{@code io.call(() -> Files.readString(path))} runs the call on a thread of the pool, when one is free, first come
 * first served, and delivers its result on the caller's context. {@link #blocking} is for work that waits, {@link #cpu}
 * for work that computes; two of the same name in one Vertx share their threads.
 *
 * <p><b>Failure.</b> The job's own exception, checked ones too, unwrapped; {@link ClosedException} after
 * {@link #close}.
 *
 * <p><b>Cancellation.</b> A queued job never runs. A running one is interrupted, waited for or abandoned, as
 * {@link OnCancel} says. A value that comes too late is dropped, and closed if it is {@link AutoCloseable}.
 *
 * <p><b>Threads.</b> {@link #call} in tasks, on any event loop; the rest anywhere. The job sees the values of the
 * task's context, as they were at the call, but can't use the verbs of tasks.
 */
public final class Offload {
    /** How long a job may take is said by {@code Tasks.timeout}, and not by Vert.x's warnings about long ones. */
    private static final long DAYS_WITHOUT_WARNING = 365;

    private final String name;
    private final OffloadOptions options;
    private final WorkerExecutor executor;
    private final Vertx vertx;

    // guarded by this; never taken inside a job's lock
    private final LinkedHashSet<OffloadedJob<?>> queue = new LinkedHashSet<>();
    private final Set<OffloadedJob<?>> running = new LinkedHashSet<>();
    private @Nullable PoolShutdown closing;

    private Offload(Vertx vertx, String name, OffloadOptions options) {
        this.vertx = vertx;
        this.name = name;
        this.options = options;
        this.executor = vertx.createSharedWorkerExecutor(name, options.threads(), DAYS_WITHOUT_WARNING, TimeUnit.DAYS);
    }

    /** A pool for work that waits for something outside: as many threads as may wait at a time. */
    public static Offload blocking(Vertx vertx, String name, int threads) {
        return of(vertx, name, OffloadOptions.threads(threads));
    }

    /** A pool for work that computes: one thread per core. Its threads are {@code vertask-cpu-0} and so on. */
    public static Offload cpu(Vertx vertx) {
        return of(
                vertx,
                "vertask-cpu",
                OffloadOptions.threads(Runtime.getRuntime().availableProcessors()));
    }

    /** A pool whose threads are called {@code name-0} and so on. */
    public static Offload of(Vertx vertx, String name, OffloadOptions options) {
        return new Offload(vertx, name, options);
    }

    /** The name, for messages; also the first part of its threads' names. */
    public String name() {
        return name;
    }

    /** {@link #call(String, Callable, OnCancel)}, without a name of its own, interrupted when cancelled. */
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
     * @param job its name, for messages
     */
    public <T> Future<T> call(String job, Callable<T> body, OnCancel onCancel) {
        return Waiter.await("job '" + job + "' of pool '" + name + "'", wait -> {
            wait.outside();
            enqueue(new OffloadedJob<>(this, job, body, onCancel, wait));
            pump();
        });
    }

    /**
     * Throws, inside a job whose task was cancelled, why it was; else it does nothing, outside a job too. For work that
     * computes for long and has no other place at which it could be stopped.
     */
    public static void checkCancelled() {
        OffloadedJob.checkCancelled();
    }

    /** How many jobs threads are running, abandoned ones included. */
    public synchronized int running() {
        return running.size();
    }

    /** How many jobs wait for a thread. */
    public synchronized int queued() {
        return queue.size();
    }

    /**
     * Takes no more jobs, and waits for those it has: for {@link OffloadOptions#closeLimit} at most. Then it gives up
     * those in the queue, interrupts those that run, and waits a second more.
     *
     * <p><b>Failure.</b> {@link StuckJobException} with the names and whereabouts of the jobs that run on all the same.
     *
     * <p><b>Cancellation.</b> It goes on, whoever waits for it. Called twice, it closes once, and both wait.
     */
    public Future<Void> close() {
        ContextInternal here = (ContextInternal) vertx.getOrCreateContext();
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
     * Lets threads begin as many jobs as there are slots. A loop and not recursion: a dead executor refuses them all.
     */
    private void pump() {
        for (OffloadedJob<?> next = next(); next != null; next = next()) {
            if (!launch(next)) {
                synchronized (this) {
                    running.remove(next);
                }
                next.refuse(new ClosedException(
                        "pool '" + name + "' went with its Vertx: job '" + next.name + "' was not taken"));
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
        // on the job's context, whoever has freed the slot: the executor takes the current one for the job's
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

    /** The thread has left the job; its slot is free. */
    void left(OffloadedJob<?> job) {
        synchronized (this) {
            running.remove(job);
        }
        pump();
    }

    /** The job was cancelled before it ran. */
    void forget(OffloadedJob<?> job) {
        synchronized (this) {
            queue.remove(job);
        }
        tellClosing();
    }

    // ---- for PoolShutdown

    /** Something has ended; perhaps it was the last. */
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
