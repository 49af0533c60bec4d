package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A block with a limit. When it passes, the block cancels itself, and a body that ends because of that fails with
 * {@link TaskTimeoutException}. If the task was cancelled from outside as well, that cancel wins and is not lost.
 */
sealed class TimeoutBlock<T> extends BodyBlock<T> implements Timeout permits CleanupBlock {
    private final long began;
    /** Counted from the beginning of the block; null when it never passes. */
    private @Nullable Duration limit;
    /** On the clock of {@link Timers}; without meaning when there is no limit. */
    private long deadline;

    private Timers.@Nullable Alarm alarm;
    /** The number of the alarm that counts: an earlier one may have gone off and be queued for its turn. */
    private int setting;
    /** The request to the body once the limit has passed: the identity of this block. */
    private @Nullable CancelRequest asked;

    private boolean strict;
    private boolean opened;

    TimeoutBlock(Scope outer, @Nullable Duration limit) {
        super(outer);
        this.limit = limit;
        this.began = ready.timers.nanoTime();
        this.deadline = limit == null ? 0 : began + Durations.nanos(limit);
    }

    /** {@link #open} with a limit that is no failure. */
    final Future<MovedOn<T>> moveOn(Coroutine<T> body) {
        return open(body).transform(end -> {
            if (end.succeeded()) {
                return outer.context.succeededFuture(new MovedOn<>(false, end.result()));
            }
            if (!raised(end.cause())) {
                return outer.context.failedFuture(end.cause());
            }
            if (FailureRules.hidesFailure(end.cause().getCause())) {
                outer.context.reportException(end.cause());
            }
            return outer.context.succeededFuture(new MovedOn<>(true, null));
        });
    }

    @Override
    final void opened() {
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
            // through the queue, so that a value that was on its way when the limit passed comes first
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
        }
    }

    @Override
    final void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
        if (alarm != null) {
            alarm.cancel();
        }
        super.bodyEnded(result, failure);
    }

    /**
     * The timeout becomes the error here and not earlier, since a cancel from outside may come until then, and wins.
     */
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
            FailureRules.suppress(failure, new TaskTimeoutException(limit, path(), mine, failure), context);
        } else if (shielded || outer.request == null) {
            error = new TaskTimeoutException(limit, path(), mine, failure);
        }
    }

    @Override
    String kind() {
        return limit != null ? "timeout" : super.kind();
    }

    @Override
    final @Nullable Duration remainingOrNull() {
        return limit == null ? null : Duration.ofNanos(deadline - ready.timers.nanoTime());
    }

    @Override
    final @Nullable Long deadlineOrNull() {
        return limit == null ? null : deadline;
    }

    // ---- Timeout

    @Override
    public final OptionalLong deadline() {
        return limit == null ? OptionalLong.empty() : OptionalLong.of(deadline);
    }

    @Override
    public final Optional<Duration> remaining() {
        return Optional.ofNullable(remainingOrNull());
    }

    @Override
    public final void reschedule(@Nullable Duration fromNow) {
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
        deadline = now + Durations.nanos(fromNow);
        limit = Duration.ofNanos(deadline - began);
        if (opened) {
            setAlarm();
        }
    }

    @Override
    public final boolean expired() {
        return asked != null;
    }

    @Override
    public final void strict() {
        strict = true;
    }

    @Override
    public final boolean raised(@Nullable Throwable error) {
        return error instanceof TaskTimeoutException timeout && asked != null && timeout.answers(asked);
    }
}
