package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A block with a limit. When it passes, the block cancels itself; a body that ends because of that fails with
 * {@link TaskTimeoutException}, unless the task was cancelled from outside as well: then that cancel wins and is not
 * lost.
 */
final class TimeoutBlock<T> extends Block<T> {
    private final Duration limit;
    private final boolean cleanup;
    /** On the clock of {@link Timers}. */
    final long deadline;

    private Timers.@Nullable Alarm alarm;
    private boolean expired;

    TimeoutBlock(Scope outer, Duration limit) {
        this(outer, limit, false);
    }

    private TimeoutBlock(Scope outer, Duration limit, boolean cleanup) {
        super(outer);
        this.limit = limit;
        this.cleanup = cleanup;
        this.shielded = cleanup;
        // a cleanup hands on what was decided before it: whether a cancel came first, is known now
        this.cancelledFirst = cleanup && outer.requestInTime() != null;
        this.deadline = ready.timers.nanoTime() + Nanos.of(limit);
    }

    /**
     * A shield with a deadline of its own: cancels from outside do not come in, and what the deadline cuts is reported.
     */
    static <T> TimeoutBlock<T> cleanup(Scope outer, Duration limit) {
        return new TimeoutBlock<>(outer, limit, true);
    }

    @Override
    void opened() {
        if (life != Life.OPEN) {
            return;
        }
        if (limit.isZero() || limit.isNegative()) {
            expire();
        } else {
            // through the queue: a value that was on its way when the limit passed comes first
            alarm = ready.timers.set(ready.loop, Nanos.of(limit), () -> ready.post(this::expire));
        }
    }

    private void expire() {
        if (life == Life.OPEN && request == null) {
            expired = true;
            cancel(CancelRequest.of(Kind.TIMEOUT, path()));
            cutIfDeaf();
        }
    }

    /** A cleanup past its deadline that waits for nothing of ours, a foreign future, would never hear of it. */
    private void cutIfDeaf() {
        if (cleanup) {
            ready.post(() -> {
                CancelRequest asked = request;
                if (asked != null && firstNode() == null) {
                    bodyOver(null, asked.in(this));
                }
            });
        }
    }

    @Override
    void emptied() {
        if (expired && life == Life.OPEN) {
            cutIfDeaf();
        }
    }

    @Override
    void decided() {
        if (!cleanup) {
            super.decided();
        }
    }

    @Override
    void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
        if (alarm != null) {
            alarm.cancel();
        }
        value = result;
        error = failure;
    }

    /** Here and not earlier: a cancel from outside may come until then, and wins. */
    @Override
    void conclude() {
        Throwable failure = error;
        if (!expired || failure == null) {
            return;
        }
        if (!(failure instanceof CancelledException)) {
            Secondary.add(failure, new TaskTimeoutException(limit, path(), failure), context);
        } else if (shielded || outer.request == null) {
            error = new TaskTimeoutException(limit, path(), failure);
            if (cleanup) {
                context.reportException(error);
            }
        }
    }
}
