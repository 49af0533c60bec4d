package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of one Vertx that have ever had tasks, each with its {@link LoopHomes}.
 *
 * <p><b>Threads.</b> Any.
 */
final class AllHomes implements Shareable {
    private static final String MAP = "io.vertask.homes";

    /** The watcher of every Vertx from its beginning; null when there is none. */
    private static final Probe.@Nullable AtStart AT_START = Boolean.getBoolean("vertask.debug")
            ? ServiceLoader.load(Probe.AtStart.class).findFirst().orElse(null)
            : null;

    private final Map<EventLoop, LoopHomes> loops = new LinkedHashMap<>();
    private @Nullable Supplier<Probe> probes;

    private AllHomes() {}

    /** Loads the service by loading this class; not called on an event loop, which it would block. */
    static void prepare() {}

    static AllHomes of(Vertx vertx) {
        LocalMap<String, AllHomes> map = vertx.sharedData().getLocalMap(MAP);
        AllHomes known = map.get("it");
        if (known != null) {
            return known;
        }
        AllHomes created = new AllHomes();
        AllHomes earlier = map.putIfAbsent("it", created);
        if (earlier != null) {
            return earlier;
        }
        if (AT_START != null) {
            AT_START.watch(vertx);
        }
        return created;
    }

    /** Those of {@code loop}, created when they are new. */
    synchronized LoopHomes on(EventLoop loop) {
        return loops.computeIfAbsent(loop, it -> {
            LoopHomes homes = new LoopHomes();
            homes.probe = probes == null ? null : probes.get();
            return homes;
        });
    }

    /** Installs new probes on every loop; see {@link Probe#install}. */
    synchronized void watch(@Nullable Supplier<Probe> watchers) {
        probes = watchers;
        loops.values().forEach(homes -> homes.probe = watchers == null ? null : watchers.get());
    }

    synchronized Map<EventLoop, LoopHomes> all() {
        return new LinkedHashMap<>(loops);
    }
}
