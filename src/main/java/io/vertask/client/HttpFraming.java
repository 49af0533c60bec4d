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
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A channel handler that keeps the answers of an HTTP/1.1 connection with their requests, and knows how long the
 * connection has been idle. Vert.x takes any 1xx but 100 and 103 for the answer and gives the real one to the next
 * request, as it does with bytes after an answer.
 *
 * <p>So an interim response is dropped, and a connection that has more bytes than answers is not used again. After a
 * 101 it is another protocol's.
 *
 * <p>The codec does not say how many bytes an answer took. Bytes are left over when the body of known length is shorter
 * than what was read; otherwise the last byte is held back until the codec has had those before it: an answer that ends
 * without that byte does not need it.
 *
 * <p><b>Threads.</b> The connection's event loop.
 */
final class HttpFraming extends ChannelDuplexHandler {
    private static final int CONTINUE = 100;
    private static final int SWITCHING = 101;
    private static final int EARLY_HINTS = 103;

    /** The methods of the requests whose answers have not ended. */
    private final Deque<HttpMethod> open = new ArrayDeque<>();
    /** The head of the answer that is being read, when it is no interim one. */
    private @Nullable HttpResponse answer;
    /** How many bytes its body still has, when its head says so; otherwise -1. */
    private long left = -1;
    /** Whether an answer that ends in these bytes leaves some of them over. */
    private boolean surplus;

    /** Whether the answer that is being read is an interim one. */
    private boolean interim;

    /** Whether the codec took an interim response for the answer to a HEAD, and now waits for a body. */
    private boolean headLost;

    private boolean dropping;
    private boolean switched;
    /** Whether the server changed the protocol without being asked to. */
    private boolean unwanted;

    private final HttpIdleTime idle = new HttpIdleTime();

    private HttpFraming() {}

    /**
     * Watches the connection of {@code request}, which has not been sent, unless that is done already; null for HTTP/2.
     */
    static @Nullable HttpFraming watch(HttpClientRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            return null;
        }
        ChannelPipeline pipeline = ((HttpClientConnectionInternal) request.connection())
                .channelHandlerContext()
                .pipeline();
        HttpFraming known = pipeline.get(HttpFraming.class);
        ChannelHandlerContext codec = pipeline.context(HttpClientCodec.class);
        if (known != null || codec == null) {
            return known;
        }
        HttpFraming framing = new HttpFraming();
        pipeline.addBefore(codec.name(), null, framing.new Bytes());
        pipeline.addAfter(codec.name(), null, framing);
        return framing;
    }

    /** The time for which the connection was idle. */
    HttpIdleTime idle() {
        return idle;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest request) {
            open.add(request.method());
            idle.requestSent();
        }
        ChannelFuture unused = context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (open.isEmpty() && !switched) {
            // what the codec makes of the bytes after an answer
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpResponse response && !switched) {
            int status = response.status().code();
            interim = status != SWITCHING && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            headLost |= interim && HttpMethod.HEAD.equals(open.peek());
            dropping = interim && status != CONTINUE && status != EARLY_HINTS;
            if (status == SWITCHING) {
                switched = true;
                unwanted = context.pipeline().get(HttpClientUpgradeHandler.class) == null;
            } else if (!interim) {
                begun(response);
            }
        }
        if (!interim && message instanceof HttpContent content) {
            left -= left < 0 ? 0 : content.content().readableBytes();
        }
        if (!interim && message instanceof LastHttpContent) {
            ended();
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

    private void begun(HttpResponse response) {
        answer = response;
        idle.answered(response.headers());
        if (headLost) {
            closeAfter(response);
        } else if (response.decoderResult().isSuccess() && !HttpUtil.isTransferEncodingChunked(response)) {
            left = HttpUtil.getContentLength(response, -1L);
        }
    }

    private void ended() {
        if (surplus && answer != null) {
            closeAfter(answer);
        }
        open.poll();
        answer = null;
        left = -1;
        idle.answerEnded();
    }

    /** Tells Vert.x, which looks at the head again when the answer has ended, not to use the connection again. */
    private static void closeAfter(HttpResponse answer) {
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }

    /** The handler of bytes before the codec. */
    private final class Bytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (switched || !(message instanceof ByteBuf bytes)) {
                context.fireChannelRead(message);
            } else if (open.isEmpty()) {
                close(context, bytes);
            } else {
                idle.bytesCame();
                read(context, bytes);
            }
        }

        private void read(ChannelHandlerContext context, ByteBuf bytes) {
            int length = bytes.readableBytes();
            boolean chunked = answer != null && HttpUtil.isTransferEncodingChunked(answer);
            // a chunked body ends with the end of a line, one of unknown length with the connection
            boolean mayEndHere =
                    answer == null || (chunked && length > 0 && bytes.getByte(bytes.writerIndex() - 1) == '\n');
            if (length <= 1 || !mayEndHere) {
                surplus = left >= 0 ? length > left : chunked && length > 1;
                context.fireChannelRead(bytes);
                surplus = false;
                return;
            }
            surplus = true;
            context.fireChannelRead(bytes.readRetainedSlice(length - 1));
            surplus = false;
            if (open.isEmpty() && !switched) {
                close(context, bytes);
            } else {
                context.fireChannelRead(bytes);
            }
        }

        private void close(ChannelHandlerContext context, ByteBuf bytes) {
            bytes.release();
            ChannelFuture unused = context.close();
        }
    }
}
