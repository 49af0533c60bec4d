package io.vertask.sync;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * A limit on how often something may be done: so many times in any stretch of a given length.
 *
 * <p>{@code rate.acquire().compose(turn -> client.get(url))} waits for its turn, then calls. {@code of(100, second)}
 * lets 100 go at once, and the next one when the first of them is a second old; {@code smooth(100, second)} lets one go
 * every 10 ms. {@code burst} is what lies between: never more than {@code calls} in any stretch of {@code period}, and
 * never more than {@code burst} in any stretch of {@code period * burst / calls}. What was not used is not saved up.
 *
 * <p>A call counts at the moment its {@link #acquire} completes. Timers are about a millisecond coarse and never early,
 * so one that is asked for a shorter distance than that gives less than its rate: let it burst.
 *
 * <p><b>Failure.</b> {@link IllegalStateException} outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #acquire} gives its turn to the next, which doesn't wait longer for it.
 *
 * <p><b>Threads.</b> For tasks, on any event loop; they are served in arrival order, so one whose event loop is blocked
 * holds up those behind it.
 */
public final class RateLimiter {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final String text;
    private final int calls;
    private final int burst;
    private final long period;
    private final long burstPeriod;

    /** Whoever holds this one is next: only that one reads and writes the times, and only that one has a timer. */
    private final Permits next;

    /** When the last ones went: a ring. */
    private final long[] times;

    private long gone;

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
        // where bursts fill the period exactly, they alone keep the rate
        this.times = new long[calls % burst == 0 ? burst : calls];
    }

    /** {@code calls} in any stretch of {@code period}, all of them at once if they come so. */
    public static RateLimiter of(int calls, Duration period) {
        return named("rate", calls, period, calls);
    }

    /** {@code calls} in any stretch of {@code period}, evenly spaced. */
    public static RateLimiter smooth(int calls, Duration period) {
        return named("rate", calls, period, 1);
    }

    /** {@code calls} in any stretch of {@code period}, {@code burst} at once. */
    public static RateLimiter named(String name, int calls, Duration period, int burst) {
        return new RateLimiter(name, calls, period, burst);
    }

    /** Waits for its turn; when it need not, the future is complete when it is returned. */
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

    /** Takes a turn if it is due and nobody is waiting for it. */
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

    /** Goes, if it is due; else says after how many nanoseconds it is. */
    private long goesAt(long now) {
        long wait = Math.max(left(now, burst, burstPeriod), times.length == calls ? left(now, calls, period) : 0);
        if (wait <= 0) {
            times[(int) (gone % times.length)] = now;
            gone++;
        }
        return wait;
    }

    /** How long it is until the {@code n}th last one is {@code length} old. */
    private long left(long now, int n, long length) {
        return gone < n ? 0 : times[(int) ((gone - n) % times.length)] + length - now;
    }

    /** How many acquires wait. */
    public int waiting() {
        return next.waiting() + (next.available() == 0 ? 1 : 0);
    }

    @Override
    public String toString() {
        return text + ": " + calls + " in " + Duration.ofNanos(period) + ", " + burst + " at once, " + waiting()
                + " waiting";
    }
}
