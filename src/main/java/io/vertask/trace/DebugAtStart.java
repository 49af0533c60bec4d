package io.vertask.trace;

import io.vertask.task.Probe;
import io.vertx.core.Vertx;

/** Debug mode for every Vertx; the service loader finds it when {@code -Dvertask.debug=true} says so. */
public final class DebugAtStart implements Probe.AtStart {
    /** For the service loader. */
    public DebugAtStart() {}

    @Override
    public void watch(Vertx vertx) {
        Tracing.of(vertx).debug(true);
    }
}
