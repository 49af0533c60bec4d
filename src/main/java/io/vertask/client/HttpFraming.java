package io.vertask.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpClientUpgradeHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A channel handler that keeps the answers of an HTTP/1.1 connection with their requests. Vert.x takes any 1xx but 100
 * and 103 for the answer and gives the real one to the next request, as it does with bytes after an answer without a
 * body.
 *
 * <p>So an interim response is dropped, and a connection that has more bytes than answers is not used again. After a
 * 101 it is another protocol's.
 *
 * <p><b>Threads.</b> The connection's event loop.
 */
final class HttpFraming extends ChannelDuplexHandler {
    private static final int CONTINUE = 100;
    private static final int SWITCHING = 101;
    private static final int EARLY_HINTS = 103;

    /** The methods of the requests whose answers have not ended. */
    private final Deque<HttpMethod> open = new ArrayDeque<>();
    /** Whether the last bytes read end at a possible end of a head. */
    private boolean headEnds;

    /** Whether the answer that is being read is an interim one. */
    private boolean interim;

    /** Whether the codec took an interim response for the answer to a HEAD, and now waits for a body. */
    private boolean headLost;

    private boolean dropping;
    private boolean switched;
    /** Whether the server changed the protocol without being asked to. */
    private boolean unwanted;

    private HttpFraming() {}

    /** Watches the connection of {@code request}, which has not been sent, unless that is done already. */
    static void watch(HttpClientRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            return;
        }
        ChannelPipeline pipeline = ((HttpClientConnectionInternal) request.connection())
                .channelHandlerContext()
                .pipeline();
        ChannelHandlerContext codec = pipeline.context(HttpClientCodec.class);
        if (codec != null && pipeline.get(HttpFraming.class) == null) {
            HttpFraming framing = new HttpFraming();
            pipeline.addBefore(codec.name(), null, framing.new Bytes());
            pipeline.addAfter(codec.name(), null, framing);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest request) {
            open.add(request.method());
        }
        ChannelFuture unused = context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse response && !switched) {
            int status = response.status().code();
            interim = status != SWITCHING && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            headLost |= interim && HttpMethod.HEAD.equals(open.peek());
            dropping = interim && status != CONTINUE && status != EARLY_HINTS;
            if (status == SWITCHING) {
                switched = true;
                unwanted = context.pipeline().get(HttpClientUpgradeHandler.class) == null;
            } else if (!interim && (headLost || (open.size() == 1 && !headEnds && hasNoBody(status)))) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        if (!interim && message instanceof LastHttpContent) {
            open.poll();
        }
        if (dropping) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
        if (headLost && !interim && !dropping && !(message instanceof LastHttpContent)) {
            dropping = true;
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        if (unwanted && message instanceof LastHttpContent) {
            // Vert.x would keep it, whatever its head says
            ChannelFuture unused = context.close();
        }
    }

    private boolean hasNoBody(int status) {
        return status == 204 || status == 304 || HttpMethod.HEAD.equals(open.peek());
    }

    /** The handler of bytes before the codec. */
    private final class Bytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!switched && message instanceof ByteBuf bytes) {
                if (open.isEmpty()) {
                    bytes.release();
                    ChannelFuture unused = context.close();
                    return;
                }
                int end = bytes.writerIndex();
                headEnds = bytes.isReadable() && bytes.getByte(end - 1) == '\n';
            }
            context.fireChannelRead(message);
        }
    }
}
