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
 * <p>With a client all items have the site {@link Admission#EVERYONE}. Without one the site is the origin of an item's
 * URL.
 */
final class Pauses {
    /** The number of pauses from which on the finished ones are removed. */
    private static final int MANY = 1_000;

    private final LongSupplier nanoTime;
    /** The ends of the pauses by site. */
    private final Map<String, Long> ends = new HashMap<>();

    Pauses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Begins a pause, or lengthens the active one; returns true when none was active. */
    boolean ask(String site, Duration length) {
        long now = nanoTime.getAsLong();
        boolean first = left(site) == 0;
        if (ends.size() >= MANY) {
            ends.values().removeIf(end -> end - now <= 0);
        }
        ends.merge(site, now + length.toNanos(), Math::max);
        return first;
    }

    /** Whether a call of the site has to wait. The site is computed only if there has been a pause. */
    boolean isOn(Supplier<String> site) {
        return !ends.isEmpty() && left(site) > 0;
    }

    /** The nanoseconds that a call of the site has to wait; 0 when no pause is active. */
    long left(Supplier<String> site) {
        return ends.isEmpty() ? 0 : Math.max(left(Admission.EVERYONE), left(site.get()));
    }

    private long left(String site) {
        Long end = ends.get(site);
        return end == null ? 0 : Math.max(0, end - nanoTime.getAsLong());
    }

    /** Waits until no pause of the site is active. */
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
