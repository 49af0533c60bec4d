package io.vertask.client;

import io.vertx.core.http.HttpClosedException;

/**
 * The failure of a request that was sent on a connection used before, which the server closed without a byte of an
 * answer: probably it gave up the idle connection at that moment, but perhaps it has processed the request.
 */
public final class HttpIdleClosedException extends HttpClosedException {
    private static final long serialVersionUID = 1L;

    HttpIdleClosedException() {
        super("connection closed while idle");
    }
}
