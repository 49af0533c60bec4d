package io.vertask.client;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import org.jspecify.annotations.Nullable;

/**
 * A judge of HTTP/2 failures: tells those after which a request was certainly not processed (RFC 9113, 8.7).
 *
 * <p>These are a stream that was refused, and one above the last stream that the server named when it went away. Netty
 * is asked for that one, because Vert.x knows only the first of several GOAWAY frames.
 */
final class HttpRefusal {
    private final HttpClientRequest request;
    private final Http2Connection connection;

    private HttpRefusal(HttpClientRequest request, Http2Connection connection) {
        this.request = request;
        this.connection = connection;
    }

    /** The judge of {@code request}, which has its connection; null for HTTP/1.1. */
    static @Nullable HttpRefusal of(HttpClientRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return null;
        }
        Http2ConnectionHandler handler = ((HttpClientConnectionInternal) request.connection())
                .channelHandlerContext()
                .pipeline()
                .get(Http2ConnectionHandler.class);
        return handler == null ? null : new HttpRefusal(request, handler.connection());
    }

    /** Whether {@code error}, with which the request failed before its response, says so. */
    boolean isSaidBy(Throwable error) {
        if (error instanceof StreamResetException reset) {
            return reset.getCode() == Http2Error.REFUSED_STREAM.code();
        }
        if (error instanceof Http2Exception local) {
            // made on this side: the server had gone away, or takes no more streams, before the stream was opened
            return local.error() == Http2Error.REFUSED_STREAM;
        }
        return error instanceof HttpClosedException
                && connection.goAwayReceived()
                && request.streamId() > connection.local().lastStreamKnownByPeer();
    }
}
