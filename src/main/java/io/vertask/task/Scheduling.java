package io.vertask.task;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What decides when the tasks of one Vertx run: the clock, and the order of what is ready.
 *
 * @param timers the clock
 * @param order picks the next of several that are ready, on every loop of that Vertx; null for first in, first out. Not
 *     shared between loops safely, so a seeded schedule means one event loop.
 */
public record Scheduling(Timers timers, @Nullable RandomGenerator order) implements Shareable {
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
