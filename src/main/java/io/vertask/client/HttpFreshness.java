package io.vertask.client;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import io.vertx.core.internal.ContextInternal;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The check of a pooled connection before a request that can't be repeated is sent on it. A server closes an idle
 * connection when it likes, and a request that meets this has perhaps been processed.
 *
 * <p>So one that has been idle for too long by {@link HttpIdleTime} is not used, and none before its socket has been
 * read once more: a close may have come while the event loop was busy.
 */
final class HttpFreshness {
    /** RFC 9110, 9.2.2. */
    private static final Set<HttpMethod> IDEMPOTENT = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private HttpFreshness() {}

    static boolean isNeededBy(HttpClientRequest unsent) {
        return !IDEMPOTENT.contains(unsent.getMethod());
    }

    /** Whether the connection of {@code unsent} can be used; answers on {@code context}. */
    static Future<Boolean> of(HttpClientRequest unsent, ContextInternal context) {
        HttpFraming framing = HttpFraming.watch(unsent);
        if (framing != null && !framing.idle().isUsed()) {
            return context.succeededFuture(true);
        }
        if (isTooLong(framing)) {
            return context.succeededFuture(false);
        }
        Promise<Boolean> fresh = context.promise();
        Channel channel = ((HttpClientConnectionInternal) unsent.connection())
                .channelHandlerContext()
                .channel();
        // by way of the timers: the loop serves its sockets before
        ScheduledFuture<?> unused = channel.eventLoop()
                .schedule(() -> fresh.complete(channel.isActive() && !isTooLong(framing)), 0, TimeUnit.NANOSECONDS);
        return fresh.future();
    }

    private static boolean isTooLong(@Nullable HttpFraming framing) {
        return framing != null && framing.idle().isTooLong();
    }
}
