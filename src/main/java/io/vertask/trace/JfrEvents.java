package io.vertask.trace;

import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a Vertx as events of Java Flight Recorder: {@code vertask.Task}, {@code vertask.Cancel} and
 * {@code vertask.Stall}.
 *
 * <p>Installed, it costs what any listener costs; without a recording no event is made. Nothing of JFR is loaded
 * before.
 */
public final class JfrEvents {
    private JfrEvents() {}

    /**
     * Writes events whenever a recording runs; undone by {@link Tracing#unlisten} of what is returned.
     *
     * @return null when this JDK has no flight recorder (module {@code jdk.jfr})
     */
    public static @Nullable TaskListener install(Vertx vertx) {
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
