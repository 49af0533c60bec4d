package io.vertask.app.run;

import io.vertask.app.job.Limits;
import io.vertask.app.job.Rate;
import io.vertask.app.journal.Journal;
import io.vertask.app.journal.RunEvent;
import io.vertask.app.journal.Wait;
import io.vertask.sync.AsyncSemaphore;
import io.vertask.sync.RateLimiter;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.BitSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An admission with slots and a rate that belong to one run.
 *
 * <p>The order of the three waits matters:
 *
 * <ol>
 *   <li>A pause comes first. An attempt that waits for it holds no slot and no place in the queue of the rate, so a
 *       pause of one site does not hold up the others.
 *   <li>The slot comes second.
 *   <li>The rate comes last, right before the attempt. A turn that was taken earlier and waited for a slot could be
 *       used right before the next turn. One attempt at a time waits for its turn, so at most one slot is held
 *       meanwhile.
 * </ol>
 *
 * <p>An attempt returns to the first wait when a pause has begun meanwhile.
 */
final class LocalAdmission implements Admission {
    /** The shortest time between two turns. Timers are coarse, so turns that would be closer come several at a time. */
    private static final Duration CLOSEST = Duration.ofMillis(10);

    private final Journal journal;
    private final Pauses pauses = new Pauses(Tasks::nanoTime);
    private final AsyncSemaphore free;
    private final BitSet held = new BitSet();
    private final @Nullable RateLimiter rate;
    /** The queue of requests for a slot and then for the rate; its first request holds the permit. */
    private final AsyncSemaphore line = AsyncSemaphore.of(1);

    LocalAdmission(Limits limits, Journal journal) {
        this.journal = journal;
        this.free = AsyncSemaphore.of(limits.concurrency());
        this.rate = limits.rate().map(LocalAdmission::limiter).orElse(null);
    }

    /** Makes the limiter of a rate, spaced as evenly as timers allow. */
    private static RateLimiter limiter(Rate rate) {
        long atOnce = rate.calls() * CLOSEST.toNanos() / rate.period().toNanos();
        return RateLimiter.named("limits.rate", rate.calls(), rate.period(), (int) Math.max(1, atOnce));
    }

    /** A request for a permit. */
    private final class Request {
        private final long n;
        private final boolean begun;
        private final Supplier<String> site;
        private @Nullable Permit permit;

        Request(long n, boolean begun, Supplier<String> site) {
            this.n = n;
            this.begun = begun;
            this.site = site;
        }

        /**
         * Waits for the permit; the value is true when a pause has begun meanwhile, so that the request waits again.
         */
        Future<Boolean> turn() {
            Future<Void> unpaused = pauses.isOn(site) ? timed(Wait.PAUSE, pauses.over(site)) : NOW;
            return unpaused.compose(over -> rate == null ? slot() : line.withPermit(this::slot));
        }

        private Future<Boolean> slot() {
            if (pauses.isOn(site)) {
                return Future.succeededFuture(true);
            }
            return timed(Wait.SLOT, free.acquire()).compose(taken -> rate == null ? admit() : spaced(rate));
        }

        private Future<Boolean> spaced(RateLimiter limiter) {
            return timed(Wait.RATE, limiter.acquire())
                    .onFailure(cancelled -> free.release())
                    .compose(turn -> admit());
        }

        private Future<Boolean> admit() {
            if (pauses.isOn(site)) {
                free.release();
                return Future.succeededFuture(true);
            }
            permit = new Held();
            return Future.succeededFuture(false);
        }

        private Future<Void> timed(Wait why, Future<Void> wait) {
            if (wait.succeeded()) {
                return wait;
            }
            long from = Tasks.nanoTime();
            return wait.onComplete(over -> {
                long now = Tasks.nanoTime();
                if (now > from) {
                    journal.publish(new RunEvent.Waited(now, n, why, now - from, begun));
                }
            });
        }
    }

    private static final Future<Void> NOW = Future.succeededFuture();

    @Override
    public Future<Permit> take(long n, boolean begun, Supplier<String> site) {
        Request request = new Request(n, begun, site);
        return Tasks.loopWhile(request::turn).map(admitted -> request.permit);
    }

    private final class Held implements Permit {
        private final int slot = held.nextClearBit(0);
        private boolean released;

        Held() {
            held.set(slot);
        }

        @Override
        public int slot() {
            return slot;
        }

        @Override
        public void release() {
            if (!released) {
                released = true;
                held.clear(slot);
                free.release();
            }
        }
    }

    @Override
    public boolean pause(String site, Duration length) {
        return pauses.ask(site, length);
    }

    @Override
    public Duration pauseLeft(Supplier<String> site) {
        return Duration.ofNanos(pauses.left(site));
    }

    /** The number of free slots. */
    int free() {
        return free.available();
    }
}
