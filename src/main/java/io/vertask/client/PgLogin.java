package io.vertask.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.impl.PgConnectionFactory;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Vert.x's Postgres driver with limits for logins: a connection that was not handed out in time is closed hard, and
 * {@link PgHandshake} checks what the server sends.
 *
 * <p>Vert.x limits only the TCP connect. A server that accepts and falls silent would keep the attempt, and its place
 * in the pool, until it hangs up; closing such a connection in the ordinary way waits for it too.
 */
final class PgLogin extends PgDriver {
    private static final AttributeKey<ScheduledFuture<?>> LIMIT = AttributeKey.valueOf(PgLogin.class, "limit");

    private final Duration limit;
    private final Supplier<PgScram> scram;

    /** {@code scram} makes one for each login. */
    PgLogin(Duration limit, Supplier<PgScram> scram) {
        this.limit = limit;
        this.scram = scram;
    }

    @Override
    public ConnectionFactory<PgConnectOptions> createConnectionFactory(Vertx vertx, NetClientOptions transport) {
        return new PgConnectionFactory(
                new VertxWrapper((VertxInternal) vertx) {
                    @Override
                    public NetClient createNetClient(NetClientOptions options) {
                        return new Limited(super.createNetClient(options), limit, scram);
                    }
                },
                transport);
    }

    /** The login has succeeded in time. */
    static void over(Channel channel) {
        ScheduledFuture<?> closing = channel.attr(LIMIT).getAndSet(null);
        if (closing != null) {
            closing.cancel(false);
        }
    }

    private record Limited(NetClient client, Duration limit, Supplier<PgScram> scram) implements NetClient {
        private NetSocket begin(NetSocket socket) {
            Channel channel =
                    ((NetSocketInternal) socket).channelHandlerContext().channel();
            channel.attr(LIMIT)
                    .set(channel.eventLoop()
                            .schedule(
                                    // past the codec: it would send its farewell, and wait for the server's
                                    () -> {
                                        ChannelFuture unused = channel.pipeline()
                                                .firstContext()
                                                .close();
                                    },
                                    limit.toMillis(),
                                    TimeUnit.MILLISECONDS));
            channel.closeFuture().addListener(closed -> over(channel));
            ChannelPipeline pipeline = channel.pipeline();
            PgHandshake handshake = new PgHandshake(scram.get());
            ChannelHandlerContext tls = pipeline.context(SslHandler.class);
            if (tls == null) { // if it comes later, it takes the first place
                pipeline.addFirst(new Refusal(), handshake);
            } else {
                pipeline.addAfter(tls.name(), null, handshake);
            }
            return socket;
        }

        @Override
        public Future<NetSocket> connect(ConnectOptions options) {
            return client.connect(options).map(this::begin);
        }

        @Override
        public Future<NetSocket> connect(int port, String host) {
            return client.connect(port, host).map(this::begin);
        }

        @Override
        public Future<NetSocket> connect(int port, String host, String serverName) {
            return client.connect(port, host, serverName).map(this::begin);
        }

        @Override
        public Future<NetSocket> connect(SocketAddress server) {
            return client.connect(server).map(this::begin);
        }

        @Override
        public Future<NetSocket> connect(SocketAddress server, String serverName) {
            return client.connect(server, serverName).map(this::begin);
        }

        @Override
        public Future<Void> shutdown(long timeout, TimeUnit unit) {
            return client.shutdown(timeout, unit);
        }

        @Override
        public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean force) {
            return client.updateSSLOptions(options, force);
        }
    }

    /** Closes a socket whose server has just refused TLS; Vert.x, which goes on with another one, leaves it open. */
    private static final class Refusal extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            boolean refused = message instanceof ByteBuf bytes
                    && bytes.readableBytes() == 1
                    && bytes.getByte(bytes.readerIndex()) == 'N';
            context.pipeline().remove(this);
            context.fireChannelRead(message);
            if (refused) {
                ChannelFuture unused = context.close();
            }
        }
    }
}
