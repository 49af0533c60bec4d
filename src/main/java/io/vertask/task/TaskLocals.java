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

    /** The error of a Vertx without the slots, instead of {@code noSlot}, which says only that an index is invalid. */
    static IllegalStateException missing(IllegalArgumentException noSlot) {
        return new IllegalStateException(
                "this Vertx has no place for tasks: the class path has no file META-INF/services/"
                        + VertxServiceProvider.class.getName() + " with the line " + TaskLocals.class.getName()
                        + ". A shaded jar must merge these files: add the ServicesResourceTransformer to"
                        + " maven-shade-plugin, or mergeServiceFiles() to Gradle's shadowJar",
                noSlot);
    }

    @Override
    public void init(VertxBootstrap builder) {
        AllHomes.prepare();
        LateValues.prepare();
    }
}
