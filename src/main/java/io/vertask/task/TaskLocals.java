package io.vertask.task;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.ContextLocal;

/**
 * The slots that every Vert.x context has for the current scope.
 *
 * <p>Registered through {@code META-INF/services}, because the launcher and vertx-junit5 create Vertx themselves, and a
 * Vertx that was created before a slot was registered does not have it.
 */
public final class TaskLocals implements VertxServiceProvider {
    /**
     * On a duplicated context: the scope whose code it runs. Copied to a copy, so that Vert.x's own copies stay in
     * scope.
     */
    static final ContextLocal<Scope> SCOPE = ContextLocal.registerLocal(Scope.class, scope -> scope);

    /** On a root context: where the tasks live that were started there outside any task. */
    static final ContextLocal<Home> HOME = ContextLocal.registerLocal(Home.class);

    /** For the service loader. */
    public TaskLocals() {}

    @Override
    public void init(VertxBootstrap builder) {
        AllHomes.prepare();
    }
}
