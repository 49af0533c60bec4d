package io.vertask.task;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.ContextLocal;

/** A value of a user's own, on every context; registered through {@code META-INF/services}. */
public final class TestLocals implements VertxServiceProvider {
    static final ContextLocal<String> WHO = ContextLocal.registerLocal(String.class);

    @Override
    public void init(VertxBootstrap builder) {}
}
