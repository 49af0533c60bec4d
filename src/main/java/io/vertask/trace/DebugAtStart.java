package io.vertask.trace;

import io.vertask.task.Probe;
import io.vertx.core.Vertx;

/** Switches on debug mode for every Vertx; loaded as a service when {@code -Dvertask.debug=true} is set. */
public final class DebugAtStart implements Probe.AtStart {
    /** For the service loader. */
    public DebugAtStart() {}

    @Override
    public void watch(Vertx vertx) {
        Tracing.of(vertx).debug(true);
    }
}
