package io.vertask.task;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What decides when the tasks of one Vertx run: the clock, the order of what is ready, and chance.
 *
 * @param timers the clock
 * @param picker picks the next of several that are ready, on every loop of that Vertx; null for first in, first out
 * @param random where the library's random numbers come from, those of {@link Backoff} say; null for the thread's own
 */
public record Scheduling(
        Timers timers, @Nullable Picker picker, @Nullable RandomGenerator random) implements Shareable {
    /** With random numbers of the thread's own. */
    public Scheduling(Timers timers, @Nullable Picker picker) {
        this(timers, picker, null);
    }

    /** Decides which of the steps that are ready gets the next turn. Called before every turn, on the event loop. */
    @FunctionalInterface
    public interface Picker {
        /** An index from 0 to {@code ready - 1}; 0 has waited longest. */
        int pick(int ready);
    }

    private static final String MAP = "io.vertask.scheduling";

    /** The system's clock, first in first out. */
    public static final Scheduling SYSTEM = new Scheduling(Timers.SYSTEM, null);

    /** Makes {@code vertx} use {@code scheduling} from its next root task on; meant for tests, before anything runs. */
    public static void install(Vertx vertx, Scheduling scheduling) {
        map(vertx).put("it", scheduling);
    }

    static Scheduling of(Vertx vertx) {
        Scheduling installed = map(vertx).get("it");
        return installed == null ? SYSTEM : installed;
    }

    private static LocalMap<String, Scheduling> map(Vertx vertx) {
        return vertx.sharedData().getLocalMap(MAP);
    }
}
