package io.vertask.app.cli;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The share of the time that goes into garbage collection while the heap is nearly full.
 *
 * <p>With a heap that is full of small objects in use, the JVM may collect for minutes before it throws an
 * OutOfMemoryError. A process that did hardly anything else for a while is ended as if it had thrown one.
 *
 * <p><b>Threads.</b> The watchdog's.
 */
final class GarbageShare {
    private static final double FULL = 0.85;
    private static final double MOST = 0.9;
    private static final long WHILE = TimeUnit.SECONDS.toNanos(15);

    private final MemoryEnd end;
    private @Nullable List<GarbageCollectorMXBean> collectors;
    /** The start of the measured stretch of time; 0 when the heap has room. */
    private long since;

    private long collectedBefore;

    GarbageShare(MemoryEnd end) {
        this.end = end;
    }

    void look(long now) {
        Runtime jvm = Runtime.getRuntime();
        if (jvm.totalMemory() - jvm.freeMemory() < FULL * jvm.maxMemory()) {
            since = 0;
            return;
        }
        if (since == 0) {
            since = now | 1;
            collectedBefore = collected();
            return;
        }
        long passed = now - since;
        if (passed < WHILE) {
            return;
        }
        if (TimeUnit.MILLISECONDS.toNanos(collected() - collectedBefore) > MOST * passed) {
            end.crowded();
        }
        since = 0;
    }

    /** The milliseconds spent on garbage so far; the beans are loaded only when the heap is nearly full. */
    private long collected() {
        List<GarbageCollectorMXBean> known = collectors;
        if (known == null) {
            known = ManagementFactory.getGarbageCollectorMXBeans();
            collectors = known;
        }
        return known.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
