package io.vertask.app.run;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Pauses that servers have asked for ({@code Retry-After}): nobody who calls the same site starts an attempt before its
 * end, and nobody holds a slot while waiting.
 *
 * <p>With a client all items have one site, {@link #EVERYONE}; without one it is the origin that an item calls.
 */
final class Pause {
    /** The site of every item of a job that has a client. */
    static final String EVERYONE = "";

    private static final int MANY = 1_000;

    private final LongSupplier nanoTime;
    /** Their ends, by site; those that are over are taken out when there are many. */
    private final Map<String, Long> ends = new HashMap<>();

    private int times;
    private Duration longest = Duration.ZERO;
    private String first = "";
    private String firstSite = EVERYONE;

    Pause(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** {@code item}'s server wants all of {@code site} to wait. Several answers of one burst make one pause. */
    void ask(String site, String item, Duration length) {
        long now = nanoTime.getAsLong();
        long end = now + length.toNanos();
        if (times == 0) {
            first = item;
            firstSite = site;
        }
        if (!isOn(site)) {
            times++;
        }
        if (ends.size() >= MANY) {
            ends.values().removeIf(other -> other - now <= 0);
        }
        ends.merge(site, end, Math::max);
        longest = longest.compareTo(length) > 0 ? longest : length;
    }

    boolean isOn(String site) {
        return !left(site).isZero();
    }

    /** How long that of {@code site} still is; zero when none is on. */
    Duration left(String site) {
        Long end = ends.get(site);
        long left = end == null ? 0 : end - nanoTime.getAsLong();
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }

    /** Waits until no pause of {@code site} is on. */
    Future<Void> over(String site) {
        return Tasks.loopWhile(() -> isOn(site) ? Tasks.sleep(left(site)).map(true) : Future.succeededFuture(false));
    }

    int times() {
        return times;
    }

    Duration longest() {
        return longest;
    }

    /** The item whose answer brought the first pause. */
    String first() {
        return first;
    }

    /** Whose pause that was. */
    String firstSite() {
        return firstSite;
    }
}
