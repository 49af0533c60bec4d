package io.vertask.testing;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;

/** A Vert.x service that fails at start. */
public final class NoVertx implements VertxServiceProvider {
    @Override
    public void init(VertxBootstrap builder) {
        throw new IllegalStateException("the cluster is full");
    }
}
