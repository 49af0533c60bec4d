package io.vertask.offload;

import io.vertask.task.ClosedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The shutdown of a pool: it waits for jobs to end, then interrupts them, then leaves those that still run behind.
 *
 * <p><b>Threads.</b> The event loop of the first caller of {@link Offload#close}, except {@link #idle}.
 */
final class PoolShutdown {
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

    private final Offload pool;
    private final ContextInternal context;
    private final Promise<Void> end = Promise.promise();
    private @Nullable ScheduledFuture<?> next;
    private boolean over;

    PoolShutdown(Offload pool, ContextInternal context) {
        this.pool = pool;
        this.context = context;
    }

    Future<Void> end() {
        return end.future();
    }

    void begin() {
        context.nettyEventLoop().execute(() -> {
            after(pool.options().closeLimit(), this::makeThemEnd);
            idle();
        });
    }

    /** Ends the shutdown if no job is left. Any thread may call. */
    void idle() {
        context.nettyEventLoop().execute(() -> {
            if (pool.isIdle()) {
                finish(Set.of());
            }
        });
    }

    private void makeThemEnd() {
        ClosedException closed = new ClosedException("pool '" + pool.name() + "' was closed");
        pool.takeQueue().forEach(job -> job.refuse(closed));
        pool.runningJobs().forEach(job -> job.interrupt(closed));
        after(AFTER_INTERRUPT, () -> finish(pool.runningJobs()));
        idle();
    }

    private void finish(Set<OffloadedJob<?>> stuck) {
        if (over) {
            return;
        }
        over = true;
        if (next != null) {
            next.cancel(false);
        }
        pool.closeExecutor();
        if (stuck.isEmpty()) {
            end.complete();
            return;
        }
        List<String> where = stuck.stream().map(OffloadedJob::whereabouts).toList();
        end.fail(new StuckJobException(
                "pool '" + pool.name() + "' was closed, and left behind after "
                        + Diagnostics.text(pool.options().closeLimit().plus(AFTER_INTERRUPT)) + ": "
                        + String.join(", ", where),
                stuck.stream().map(job -> job.name).toList()));
    }

    private void after(Duration delay, Runnable action) {
        next = context.nettyEventLoop().schedule(action, Diagnostics.nanos(delay), TimeUnit.NANOSECONDS);
    }
}
