package io.vertask.sync;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;

/**
 * A rate limit: at most a number of calls in any period of a given length.
 *
 * <p>{@code rate.acquire().compose(turn -> client.get(url))} waits until the rate allows a call, then calls.
 * {@code of(100, second)} allows 100 calls at once, and the next one a second after the first; {@code smooth(100,
 * second)} allows one every 10 ms. {@code burst} lies between the two: at most {@code calls} in any stretch of
 * {@code period}, and at most {@code burst} in any stretch of {@code period * burst / calls}. Unused calls are not
 * saved up.
 *
 * <p>A call counts at the moment its {@link #acquire} completes. Timers have a resolution of about a millisecond and
 * are never early, so a smooth limiter of more than a thousand calls a second stays below its rate: give it a burst.
 *
 * <p><b>Failure.</b> {@link IllegalStateException} outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #acquire} uses up no call: the next one takes its place without a longer
 * wait.
 *
 * <p><b>Threads.</b> For tasks, on any event loop. Tasks are served in arrival order, so one whose event loop is
 * blocked delays those behind it.
 */
public final class RateLimiter {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final String text;
    private final int calls;
    private final int burst;
    private final long period;
    private final long burstPeriod;

    /**
     * Its single permit belongs to the head of the queue: only the holder reads and writes the times and has a timer.
     */
    private final Permits next;

    /** The times of the last calls: a ring buffer. */
    private final long[] times;

    private long made;

    private RateLimiter(String name, int calls, Duration period, int burst) {
        this.text = "rate limiter '" + name + "'";
        if (calls < 1 || burst < 1 || burst > calls) {
            throw new IllegalArgumentException(text + " for " + calls + " calls, " + burst
                    + " of them at once: it takes 1 call or more, and a burst from 1 to the number of calls");
        }
        if (period.isNegative() || period.isZero() || period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    text + " with a period of " + period + ": it takes more than zero, and a hundred years at most");
        }
        this.calls = calls;
        this.burst = burst;
        this.period = period.toNanos();
        long rest = this.period % calls * burst;
        this.burstPeriod = this.period / calls * burst + (rest + calls - 1) / calls;
        this.next = new Permits(text, 1);
        // when bursts divide the period evenly, the limit on bursts implies the limit on calls
        this.times = new long[calls % burst == 0 ? burst : calls];
    }

    /** {@code calls} in any stretch of {@code period}, possibly all at once. */
    public static RateLimiter of(int calls, Duration period) {
        Objects.requireNonNull(period, "RateLimiter.of: period is null");
        return named("rate", calls, period, calls);
    }

    /** {@code calls} in any stretch of {@code period}, evenly spaced. */
    public static RateLimiter smooth(int calls, Duration period) {
        Objects.requireNonNull(period, "RateLimiter.smooth: period is null");
        return named("rate", calls, period, 1);
    }

    /** {@code calls} in any stretch of {@code period}, at most {@code burst} at once. */
    public static RateLimiter named(String name, int calls, Duration period, int burst) {
        Objects.requireNonNull(name, "RateLimiter.named: name is null");
        Objects.requireNonNull(period, "RateLimiter.named: period is null");
        return new RateLimiter(name, calls, period, burst);
    }

    /** Waits until a call is allowed; when one is allowed now, the returned future is already complete. */
    public Future<Void> acquire() {
        Future<Void> head = next.acquire();
        if (head.succeeded()) {
            if (goesAt(Tasks.nanoTime()) <= 0) {
                next.release();
                return head;
            }
            return whenDue();
        }
        return head.isComplete() ? head : head.compose(mine -> whenDue());
    }

    /** Counts a call if one is allowed now and no task waits for it. */
    public boolean tryAcquire() {
        long now = Tasks.nanoTime();
        if (!next.tryAcquire()) {
            return false;
        }
        boolean goes = goesAt(now) <= 0;
        next.release();
        return goes;
    }

    private Future<Void> whenDue() {
        return sleepUntilDue().onComplete(end -> next.release());
    }

    private Future<Void> sleepUntilDue() {
        long wait = goesAt(Tasks.nanoTime());
        return wait <= 0
                ? Future.succeededFuture()
                : Tasks.sleep(Duration.ofNanos(wait)).compose(slept -> sleepUntilDue());
    }

    /** Counts a call if one is due and gives 0 or less; otherwise gives the nanoseconds until one is due. */
    private long goesAt(long now) {
        long wait = Math.max(left(now, burst, burstPeriod), times.length == calls ? left(now, calls, period) : 0);
        if (wait <= 0) {
            times[(int) (made % times.length)] = now;
            made++;
        }
        return wait;
    }

    /** The nanoseconds until the {@code n}th last call is {@code length} old. */
    private long left(long now, int n, long length) {
        return made < n ? 0 : times[(int) ((made - n) % times.length)] + length - now;
    }

    /** The number of waiting acquires. */
    public int waiting() {
        return next.waiting() + (next.available() == 0 ? 1 : 0);
    }

    @Override
    public String toString() {
        return text + ": " + calls + " in " + Duration.ofNanos(period) + ", " + burst + " at once, " + waiting()
                + " waiting";
    }
}
