package io.vertask.trace;

import io.vertask.task.Probe;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to the tasks of one Vertx, what counts as a slow step there, and whether debug mode is on.
 *
 * <p>While there is no listener and no debug mode, nothing is watched and nothing is measured. Else one daemon thread
 * takes the stack of a blocked event loop; it ends with the Vertx.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Tracing implements Shareable {
    /** A turn that takes longer is slow, unless {@link #slowAfter} says otherwise. */
    public static final Duration SLOW = Duration.ofMillis(100);

    private static final String MAP = "io.vertask.tracing";
    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

    private final VertxInternal vertx;
    private final List<TaskListener> listeners = new CopyOnWriteArrayList<>();
    private final List<LoopProbe> probes = new CopyOnWriteArrayList<>();
    private volatile long slowNanos = SLOW.toNanos();
    private volatile boolean debug;
    private @Nullable StackSampler sampler;
    private boolean hooked;
    private boolean watching;
    private boolean closed;

    private Tracing(Vertx vertx) {
        this.vertx = (VertxInternal) vertx;
    }

    /** That of {@code vertx}: always the same one. */
    public static Tracing of(Vertx vertx) {
        LocalMap<String, Tracing> map = vertx.sharedData().getLocalMap(MAP);
        return map.computeIfAbsent("it", key -> new Tracing(vertx));
    }

    /** Tells {@code listener} everything from now on. */
    public Tracing listen(TaskListener listener) {
        listeners.add(listener);
        update();
        return this;
    }

    /** Tells {@code listener} nothing any more; false when it was not listening, having thrown say. */
    public boolean unlisten(TaskListener listener) {
        boolean removed = listeners.remove(listener);
        update();
        return removed;
    }

    /** Whether {@code listener} is told. */
    public boolean hears(TaskListener listener) {
        return listeners.contains(listener);
    }

    /** Switches debug mode on or off; the package's page says what it does. */
    public Tracing debug(boolean on) {
        debug = on;
        update();
        return this;
    }

    /** Whether debug mode is on. */
    public boolean isDebug() {
        return debug;
    }

    /**
     * A turn that takes longer than {@code limit} is reported as slow.
     *
     * @param limit more than zero
     */
    public Tracing slowAfter(Duration limit) {
        if (limit.isZero() || limit.isNegative()) {
            throw new IllegalArgumentException(
                    "Tracing.slowAfter: the limit is " + limit + ", and must be more than zero");
        }
        slowNanos = TimeUnit.NANOSECONDS.convert(limit);
        return this;
    }

    long slowNanos() {
        return slowNanos;
    }

    List<LoopProbe> probes() {
        return probes;
    }

    private synchronized void update() {
        boolean wanted = debug || !listeners.isEmpty();
        if (wanted == watching) {
            return;
        }
        watching = wanted;
        probes.clear();
        if (!wanted) {
            Probe.install(vertx, null);
            stopSampling();
            return;
        }
        Probe.install(vertx, () -> {
            LoopProbe probe = new LoopProbe(this);
            probes.add(probe);
            return probe;
        });
        if (!closed) {
            sampler = new StackSampler(this);
            sampler.start();
        }
        if (!hooked) {
            hooked = true;
            vertx.addCloseHook(completion -> {
                close();
                completion.succeed();
            });
        }
    }

    private synchronized void close() {
        closed = true;
        stopSampling();
    }

    private void stopSampling() {
        if (sampler != null) {
            sampler.close();
            sampler = null;
        }
    }

    // ---- what the probes tell

    void tell(Consumer<TaskListener> call) {
        for (TaskListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable thrown) {
                if (unlisten(listener)) {
                    report(new IllegalStateException(
                            "task listener " + listener + " threw, and is not told anything any more: " + thrown,
                            thrown));
                }
            }
        }
    }

    void slow(SlowStep step) {
        if (debug) {
            LOG.warn(step.toString());
        }
        tell(listener -> listener.slowStep(step));
    }

    void forgotten(String where, List<String> what) {
        if (debug) {
            LOG.warn("'" + where + "' ended while this was unfinished, and nobody waited for it: "
                    + String.join(", ", what));
        }
        tell(listener -> listener.forgotten(where, what));
    }

    private void report(Throwable error) {
        ContextInternal context = ContextInternal.current();
        (context != null ? context : vertx.getOrCreateContext()).reportException(error);
    }
}
