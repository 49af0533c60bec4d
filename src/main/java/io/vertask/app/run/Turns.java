package io.vertask.app.run;

import io.vertask.app.job.Rate;
import io.vertask.sync.AsyncSemaphore;
import io.vertask.sync.RateLimiter;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * When an attempt may begin: no pause is on, there is a slot, and it is its turn at the rate.
 *
 * <p>The rate comes last, right before the attempt: a turn that is taken and then waits for a slot would come back to
 * back with the next one. One attempt at a time waits for its turn, so no more than one slot is held meanwhile.
 */
final class Turns {
    /** Timers are a millisecond coarse, so turns that are closer than this come several at a time. */
    private static final Duration CLOSEST = Duration.ofMillis(10);

    private static final Future<Long> AT_ONCE = Future.succeededFuture(0L);

    private final AsyncSemaphore slots;
    private final Pause pause;
    private final LongSupplier nanoTime;
    private final Optional<RateLimiter> rate;
    private final AsyncSemaphore head = AsyncSemaphore.of(1);

    Turns(AsyncSemaphore slots, Pause pause, Optional<Rate> rate, LongSupplier nanoTime) {
        this.slots = slots;
        this.pause = pause;
        this.nanoTime = nanoTime;
        this.rate = rate.map(Turns::limiter);
    }

    /** Evenly spaced as far as timers allow. */
    private static RateLimiter limiter(Rate rate) {
        long atOnce = rate.calls() * CLOSEST.toNanos() / rate.period().toNanos();
        return RateLimiter.named("limits.rate", rate.calls(), rate.period(), (int) Math.max(1, atOnce));
    }

    /** Takes a slot, in its turn; gives how many nanoseconds of that were a wait for the rate. */
    Future<Long> take() {
        return rate.isPresent() ? head.withPermit(() -> take(rate.get())) : taken(() -> AT_ONCE);
    }

    private Future<Long> take(RateLimiter limiter) {
        return taken(() -> {
            long from = nanoTime.getAsLong();
            return limiter.acquire().map(turn -> nanoTime.getAsLong() - from);
        });
    }

    private Future<Long> taken(Supplier<Future<Long>> turn) {
        long[] waited = {0};
        return Tasks.loopWhile(() -> pause.over(Pause.EVERYONE)
                        .compose(none -> slots.acquire())
                        .compose(slot -> {
                            Future<Long> its = turn.get();
                            return its.succeeded() ? its : its.onFailure(cancelled -> slots.release());
                        })
                        .map(nanos -> {
                            waited[0] += nanos;
                            boolean pausedMeanwhile = pause.isOn(Pause.EVERYONE);
                            if (pausedMeanwhile) {
                                slots.release();
                            }
                            return pausedMeanwhile;
                        }))
                .map(took -> waited[0]);
    }
}
