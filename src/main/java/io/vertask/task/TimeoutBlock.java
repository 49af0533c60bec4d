package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A block with a limit. When it passes, the block cancels itself; a body that ends because of that fails with
 * {@link TaskTimeoutException}, unless the task was cancelled from outside as well: then that cancel wins and is not
 * lost.
 */
final class TimeoutBlock<T> extends Block<T> implements Timeout {
    private final boolean cleanup;
    private final long began;
    /** From the beginning of the block; null when it never passes. */
    private @Nullable Duration limit;
    /** On the clock of {@link Timers}; means nothing without a limit. */
    long deadline;

    private Timers.@Nullable Alarm alarm;
    /** Which alarm counts: an earlier one may have gone off, and its turn be coming. */
    private int setting;
    /** What the body is asked with once the limit has passed: the identity of this block. */
    private @Nullable CancelRequest asked;

    private boolean strict;
    private boolean opened;

    TimeoutBlock(Scope outer, @Nullable Duration limit) {
        this(outer, limit, false);
    }

    private TimeoutBlock(Scope outer, @Nullable Duration limit, boolean cleanup) {
        super(outer);
        this.limit = limit;
        this.cleanup = cleanup;
        this.shielded = cleanup;
        this.began = ready.timers.nanoTime();
        this.deadline = limit == null ? 0 : began + Nanos.of(limit);
        // a cleanup hands on what was decided before it: whether a cancel came first, is known now
        this.cancelledFirst = cleanup && outer.requestInTime() != null;
    }

    /**
     * A shield with a deadline of its own: cancels from outside do not come in, and what the deadline cuts is reported.
     */
    static <T> TimeoutBlock<T> cleanup(Scope outer, Duration limit) {
        return new TimeoutBlock<>(outer, limit, true);
    }

    Future<MovedOn<T>> moveOn(Coroutine<T> body) {
        return open(body).transform(end -> {
            if (end.succeeded()) {
                return outer.context.succeededFuture(new MovedOn<>(false, end.result()));
            }
            if (!raised(end.cause())) {
                return outer.context.failedFuture(end.cause());
            }
            if (Secondary.hidesFailure(end.cause().getCause())) {
                outer.context.reportException(end.cause());
            }
            return outer.context.succeededFuture(new MovedOn<>(true, null));
        });
    }

    @Override
    void opened() {
        opened = true;
        if (life != Life.OPEN || limit == null) {
            return;
        }
        if (limit.isZero() || limit.isNegative()) {
            expire(setting);
        } else {
            setAlarm();
        }
    }

    private void setAlarm() {
        int mine = ++setting;
        long left = deadline - ready.timers.nanoTime();
        if (left <= 0) {
            ready.post(() -> expire(mine));
        } else {
            // through the queue: a value that was on its way when the limit passed comes first
            alarm = ready.timers.set(ready.loop, left, () -> ready.post(() -> expire(mine)));
        }
    }

    private void expire(int set) {
        if (life != Life.OPEN || set != setting) {
            return;
        }
        CancelRequest mine = CancelRequest.of(Kind.TIMEOUT, path());
        asked = mine;
        if (request == null) {
            cancel(mine);
            cutIfDeaf();
        }
    }

    /** A cleanup past its deadline that waits for nothing of ours, a foreign future, would never hear of it. */
    private void cutIfDeaf() {
        if (cleanup) {
            ready.post(() -> {
                CancelRequest told = request;
                if (told != null && firstNode() == null) {
                    bodyOver(null, told.in(this));
                }
            });
        }
    }

    @Override
    void emptied() {
        if (asked != null && life == Life.OPEN) {
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
        CancelRequest mine = asked;
        if (mine == null || limit == null) {
            return;
        }
        if (failure == null) {
            error = strict ? new TaskTimeoutException(limit, path(), mine, null) : null;
        } else if (!(failure instanceof CancelledException)) {
            Secondary.add(failure, new TaskTimeoutException(limit, path(), mine, failure), context);
        } else if (shielded || outer.request == null) {
            error = new TaskTimeoutException(limit, path(), mine, failure);
            if (cleanup) {
                context.reportException(error);
            }
        }
    }

    // ---- Timeout

    boolean isLimited() {
        return limit != null;
    }

    @Override
    public OptionalLong deadline() {
        return limit == null ? OptionalLong.empty() : OptionalLong.of(deadline);
    }

    @Override
    public Optional<Duration> remaining() {
        return limit == null ? Optional.empty() : Optional.of(Duration.ofNanos(deadline - ready.timers.nanoTime()));
    }

    @Override
    public void reschedule(@Nullable Duration fromNow) {
        checkThread("Timeout.reschedule");
        if (asked != null || life != Life.OPEN) {
            throw new IllegalStateException("the timeout in task '" + path() + "' can't be rescheduled: "
                    + (asked != null ? "it has expired" : "its body has ended"));
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        setting++;
        if (fromNow == null) {
            limit = null;
            return;
        }
        long now = ready.timers.nanoTime();
        deadline = now + Nanos.of(fromNow);
        limit = Duration.ofNanos(deadline - began);
        if (opened) {
            setAlarm();
        }
    }

    @Override
    public boolean expired() {
        return asked != null;
    }

    @Override
    public void strict() {
        strict = true;
    }

    @Override
    public boolean raised(@Nullable Throwable error) {
        return error instanceof TaskTimeoutException timeout && asked != null && timeout.answers(asked);
    }
}
