package io.vertask.app.run;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A pause of the whole client, because its server asked for one ({@code Retry-After}): nobody starts an attempt before
 * its end, and nobody holds a slot while waiting.
 */
final class Pause {
    private final LongSupplier nanoTime;
    private long until;
    private boolean ever;
    private int times;
    private Duration longest = Duration.ZERO;
    private String first = "";

    Pause(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** {@code item}'s server wants everyone to wait. Several answers of one burst make one pause. */
    void ask(String item, Duration length) {
        long end = nanoTime.getAsLong() + length.toNanos();
        if (!isOn()) {
            times++;
        }
        if (!ever) {
            first = item;
            ever = true;
            until = end;
        }
        until = Math.max(until, end);
        longest = longest.compareTo(length) > 0 ? longest : length;
    }

    boolean isOn() {
        return ever && until - nanoTime.getAsLong() > 0;
    }

    /** How long it still is; zero when none is on. */
    Duration left() {
        return isOn() ? Duration.ofNanos(until - nanoTime.getAsLong()) : Duration.ZERO;
    }

    /** Waits until no pause is on. */
    Future<Void> over() {
        return Tasks.loopWhile(() -> isOn()
                ? Tasks.sleep(Duration.ofNanos(until - nanoTime.getAsLong())).map(true)
                : Future.succeededFuture(false));
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
}
