package io.vertask.task;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import java.util.Objects;

/**
 * The service provider that gives every Vert.x context its slots for the current scope and for its root tasks.
 *
 * <p>Registered through {@code META-INF/services}, because the launcher and vertx-junit5 create Vertx themselves, and a
 * Vertx that was created before a slot was registered does not have it.
 */
public final class TaskLocals implements VertxServiceProvider {
    /** For the service loader. */
    public TaskLocals() {
        // reading the slots registers them: the service is loaded before a Vertx counts its slots
        Objects.requireNonNull(Scope.SLOT);
        Objects.requireNonNull(Home.SLOT);
    }

    @Override
    public void init(VertxBootstrap builder) {
        AllHomes.prepare();
        LateValues.prepare();
    }
}
