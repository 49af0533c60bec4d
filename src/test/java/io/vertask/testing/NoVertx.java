package io.vertask.testing;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;

/** A part of Vert.x that does not start. */
public final class NoVertx implements VertxServiceProvider {
    @Override
    public void init(VertxBootstrap builder) {
        throw new IllegalStateException("the cluster is full");
    }
}
