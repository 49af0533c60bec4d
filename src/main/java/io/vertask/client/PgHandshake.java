package io.vertask.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A login, from the startup message to the first {@code ReadyForQuery}: each message is checked before the driver sees
 * it, and the SCRAM exchange is held here, without the driver.
 *
 * <pre>
 *  (TLS) ──▶ startup sent ──▶ the server's messages ──▶ ReadyForQuery: PgWire takes this handler's place
 *                               │          ▲
 *                        SCRAM challenge   │ the answer is sent
 *                               ▼          │
 *                             hashing on another thread: what comes meanwhile is kept
 * </pre>
 *
 * <p><b>Failure.</b> {@link ProtocolException} for what no server sends; the connection is closed.
 *
 * <p><b>Threads.</b> The connection's event loop only.
 */
final class PgHandshake extends ChannelDuplexHandler {
    /** The most bytes that a server may send before the login is over; usually it is one kilobyte. */
    private static final int MOST = 1 << 20;

    private static final int PROTOCOL_3 = 3 << 16;
    private static final int HEADER = 5;
    private static final int OK = 0;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;

    private final PgScram scram;
    /** All that came since the startup message, in memory that nobody has to release. */
    private final ByteBuf kept = Unpooled.buffer(1024);

    private boolean started;
    private boolean authenticated;
    private boolean hashing;
    private boolean over;

    PgHandshake(PgScram scram) {
        this.scram = scram;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf out && out.readableBytes() >= 8) {
            started |= out.getInt(out.readerIndex() + 4) == PROTOCOL_3;
        }
        ChannelFuture unused = context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!started || !(message instanceof ByteBuf in)) {
            context.fireChannelRead(message);
            return;
        }
        boolean tooMany = kept.writerIndex() + in.readableBytes() > MOST;
        if (!over && !tooMany) {
            kept.writeBytes(in);
        }
        in.release();
        if (!over && tooMany) {
            fail(
                    context,
                    new ProtocolException(String.format(
                            Locale.ROOT, "the server sent more than %,d bytes before the login was over", MOST)));
        }
        go(context);
    }

    private void go(ChannelHandlerContext context) {
        try {
            while (!over && !hashing && kept.readableBytes() >= HEADER) {
                byte type = kept.getByte(kept.readerIndex());
                int length = kept.getInt(kept.readerIndex() + 1);
                PgWire.check(type, length, HEADER - 1, MOST);
                if (kept.readableBytes() < 1 + length) {
                    return;
                }
                message(context, type, kept.readBytes(1 + length));
            }
        } catch (ProtocolException | RuntimeException wrong) {
            fail(context, wrong);
        }
    }

    private void message(ChannelHandlerContext context, byte type, ByteBuf message) throws ProtocolException {
        switch (type) {
            case 'R' -> authentication(context, message);
            case 'S', 'K', 'N' -> context.fireChannelRead(message);
            case 'E' -> {
                context.fireChannelRead(message);
                end(context);
            }
            case 'Z' -> {
                if (!authenticated) {
                    throw new ProtocolException("the server broke the protocol: it was ready before a login");
                }
                ready(context, message);
            }
            default ->
                throw new ProtocolException(
                        "the server broke the protocol: a message of type " + PgWire.name(type) + " during the login");
        }
    }

    private void authentication(ChannelHandlerContext context, ByteBuf message) throws ProtocolException {
        ByteBuf body = message.slice(HEADER, message.readableBytes() - HEADER);
        int kind = body.readableBytes() < 4 ? -1 : body.readInt();
        switch (kind) {
            case SASL ->
                send(context, scram.first(text(body), context.pipeline().get(SslHandler.class)));
            case SASL_CONTINUE -> {
                hashing = true;
                scram.answer(
                        text(body),
                        (answer, error) -> context.executor().execute(() -> answered(context, answer, error)));
            }
            case SASL_FINAL -> scram.verify(text(body));
            default -> {
                if (kind == OK) {
                    scram.checkEnd();
                    authenticated = true;
                }
                context.fireChannelRead(message);
            }
        }
    }

    private static String text(ByteBuf body) {
        return body.toString(StandardCharsets.UTF_8);
    }

    private void answered(ChannelHandlerContext context, @Nullable ByteBuf answer, @Nullable Throwable error) {
        hashing = false;
        if (over) {
            return;
        }
        if (answer == null) {
            fail(context, error == null ? new ProtocolException("no answer") : error);
        } else {
            send(context, answer);
            go(context);
        }
    }

    private static void send(ChannelHandlerContext context, ByteBuf answer) {
        ChannelFuture unused = context.writeAndFlush(answer);
    }

    private void ready(ChannelHandlerContext context, ByteBuf message) {
        over = true;
        context.pipeline().addAfter(context.name(), null, new PgWire());
        context.fireChannelRead(message);
        if (kept.isReadable()) {
            context.fireChannelRead(kept.readBytes(kept.readableBytes()));
        }
        context.pipeline().remove(this);
    }

    private void fail(ChannelHandlerContext context, Throwable why) {
        if (!over) {
            context.fireExceptionCaught(why);
            end(context);
        }
    }

    private void end(ChannelHandlerContext context) {
        over = true;
        ChannelFuture unused = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over = true;
        context.fireChannelInactive();
    }
}
