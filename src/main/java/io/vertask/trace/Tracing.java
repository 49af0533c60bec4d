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
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tracing of one Vertx: its listeners, its slow-step threshold and its debug mode.
 *
 * <p>Without listeners and debug mode nothing is watched or measured. Otherwise one daemon thread samples the stack of
 * blocked event loops; it ends with the Vertx.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Tracing implements Shareable {
    /** The default threshold: a turn that takes longer is slow. */
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

    /** The tracing of {@code vertx}, always the same object. */
    public static Tracing of(Vertx vertx) {
        Objects.requireNonNull(vertx, "Tracing.of: vertx is null");
        LocalMap<String, Tracing> map = vertx.sharedData().getLocalMap(MAP);
        return map.computeIfAbsent("it", key -> new Tracing(vertx));
    }

    /** Adds {@code listener}. */
    public Tracing listen(TaskListener listener) {
        Objects.requireNonNull(listener, "Tracing.listen: listener is null");
        listeners.add(listener);
        update();
        return this;
    }

    /** Removes {@code listener}; false when it was not there, because it was removed after it threw, for example. */
    public boolean unlisten(TaskListener listener) {
        Objects.requireNonNull(listener, "Tracing.unlisten: listener is null");
        boolean removed = listeners.remove(listener);
        update();
        return removed;
    }

    /** Whether {@code listener} is a listener now. */
    public boolean hears(TaskListener listener) {
        Objects.requireNonNull(listener, "Tracing.hears: listener is null");
        return listeners.contains(listener);
    }

    /** Switches debug mode, described on the package's page, on or off. */
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
     * Sets the threshold: a turn that takes longer than {@code limit} is reported as slow.
     *
     * @param limit more than zero
     */
    public Tracing slowAfter(Duration limit) {
        Objects.requireNonNull(limit, "Tracing.slowAfter: limit is null");
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

    // ---- for the probes

    void tell(Consumer<TaskListener> call) {
        for (TaskListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable thrown) {
                if (unlisten(listener)) {
                    report(new IllegalStateException(
                            "task listener " + listener + " threw and was removed: " + thrown, thrown));
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
            LOG.warn("'" + where + "' ended without waiting for: " + String.join(", ", what));
        }
        tell(listener -> listener.forgotten(where, what));
    }

    private void report(Throwable error) {
        ContextInternal context = ContextInternal.current();
        (context != null ? context : vertx.getOrCreateContext()).reportException(error);
    }
}
