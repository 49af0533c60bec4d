package io.vertask.task;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The clock, the order of turns and the random numbers for the tasks of one Vertx.
 *
 * @param timers the clock
 * @param picker picks the next of several turns that are ready, on every loop of that Vertx; null for first in, first
 *     out
 * @param random the source of the library's random numbers, such as those of {@link Backoff}; null for the thread's own
 */
public record Scheduling(
        Timers timers, @Nullable Picker picker, @Nullable RandomGenerator random) implements Shareable {
    /** Checks that nothing is null. */
    public Scheduling {
        Objects.requireNonNull(timers, "Scheduling: timers is null");
    }

    /** With the thread's own random numbers. */
    public Scheduling(Timers timers, @Nullable Picker picker) {
        this(timers, picker, null);
    }

    /** A choice among the turns that are ready. Called before every turn, on the event loop. */
    @FunctionalInterface
    public interface Picker {
        /** The index of the next turn, from 0 to {@code ready - 1}; 0 has waited longest. */
        int pick(int ready);
    }

    private static final String MAP = "io.vertask.scheduling";

    /** The system's clock, first in first out. */
    public static final Scheduling SYSTEM = new Scheduling(Timers.SYSTEM, null);

    /** Makes {@code vertx} use {@code scheduling} from its next root task on; for tests, before anything runs. */
    public static void install(Vertx vertx, Scheduling scheduling) {
        Objects.requireNonNull(vertx, "Scheduling.install: vertx is null");
        Objects.requireNonNull(scheduling, "Scheduling.install: scheduling is null");
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
