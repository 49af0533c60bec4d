package io.vertask.app.run;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The pauses that servers have asked for ({@code Retry-After}), by site.
 *
 * <p>With a client all items have the site {@link Admission#EVERYONE}. Without one it is the origin that an item calls.
 */
final class Pauses {
    /** From this many on, pauses that are over are removed. */
    private static final int MANY = 1_000;

    private final LongSupplier nanoTime;
    /** When they end. */
    private final Map<String, Long> ends = new HashMap<>();

    Pauses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Begins a pause, or makes the one that is on longer; true when none was on. */
    boolean ask(String site, Duration length) {
        long now = nanoTime.getAsLong();
        boolean first = left(site) == 0;
        if (ends.size() >= MANY) {
            ends.values().removeIf(end -> end - now <= 0);
        }
        ends.merge(site, now + length.toNanos(), Math::max);
        return first;
    }

    /** Whether a call of the site has to wait. The site is asked for only if there has been a pause. */
    boolean isOn(Supplier<String> site) {
        return !ends.isEmpty() && left(site) > 0;
    }

    /** How many nanoseconds a call of the site has to wait; 0 when no pause is on. */
    long left(Supplier<String> site) {
        return ends.isEmpty() ? 0 : Math.max(left(Admission.EVERYONE), left(site.get()));
    }

    private long left(String site) {
        Long end = ends.get(site);
        return end == null ? 0 : Math.max(0, end - nanoTime.getAsLong());
    }

    /** Waits until no pause of the site is on. */
    Future<Void> over(Supplier<String> site) {
        return isOn(site)
                ? Tasks.loopWhile(() -> {
                    long left = left(site);
                    return left == 0
                            ? Future.succeededFuture(false)
                            : Tasks.sleep(Duration.ofNanos(left)).map(true);
                })
                : Future.succeededFuture();
    }
}
