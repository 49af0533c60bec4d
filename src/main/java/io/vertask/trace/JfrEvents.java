package io.vertask.trace;

import io.vertx.core.Vertx;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the tasks of a Vertx as events of Java Flight Recorder: {@code vertask.Task}, {@code vertask.Cancel} and
 * {@code vertask.Stall}.
 *
 * <p>Once installed, it costs as much as any listener; without a recording no event is made. JFR's classes are loaded
 * by {@link #install} only.
 */
public final class JfrEvents {
    private JfrEvents() {}

    /**
     * Writes events whenever a recording runs. To undo this, pass the returned listener to {@link Tracing#unlisten}.
     *
     * @return null when this JDK has no flight recorder (module {@code jdk.jfr})
     */
    public static @Nullable TaskListener install(Vertx vertx) {
        Objects.requireNonNull(vertx, "JfrEvents.install: vertx is null");
        return install(vertx, ModuleLayer.boot().findModule("jdk.jfr").isPresent());
    }

    static @Nullable TaskListener install(Vertx vertx, boolean present) {
        if (!present) {
            return null;
        }
        TaskListener listener = JfrListener.create();
        Tracing.of(vertx).listen(listener);
        return listener;
    }
}
