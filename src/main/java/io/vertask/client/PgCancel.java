package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The sender of Postgres's CancelRequest: uses a socket of its own, as the protocol wants it, and waits until the
 * server has closed that socket.
 *
 * <p>Only then has the signal been sent to the session. {@link PgConnection#cancelRequest} is over when its bytes are
 * written: the signal may come later, and hit the next statement.
 *
 * <p>The socket has TLS when the session has.
 */
final class PgCancel {
    private static final int CANCEL_REQUEST = 80877102;
    private static final int SSL_REQUEST = 80877103;

    private final NetClient net;
    private final SocketAddress server;
    private final ClientSSLOptions tls;

    PgCancel(Vertx vertx, PgConnectOptions options, Duration timeout) {
        int ms = (int) timeout.toMillis();
        // the idle timeout only cleans up: the waiting statement has given up by then
        net = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout(ms)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) Math.min(Integer.MAX_VALUE, 2L * ms)));
        server = options.getSocketAddress();
        tls = options.getSslOptions() == null
                ? new ClientSSLOptions()
                : options.getSslOptions().copy();
        if (tls.getHostnameVerificationAlgorithm() == null) {
            tls.setHostnameVerificationAlgorithm("");
        }
    }

    /**
     * Asks the server to stop the statement of {@code session}; completes when the server has acted. An idle session
     * ignores it.
     *
     * <p><b>Failure.</b> When the server could not be reached; nothing was sent then, or it will have no effect any
     * more.
     */
    Future<Void> request(PgConnection session) {
        Buffer request = Buffer.buffer(16)
                .appendInt(16)
                .appendInt(CANCEL_REQUEST)
                .appendInt(session.processId())
                .appendInt(session.secretKey());
        boolean secret = session.isSSL();
        return net.connect(server).compose(socket -> {
            Promise<Void> closed = Promise.promise();
            socket.exceptionHandler(ignored -> {});
            socket.closeHandler(nothing -> closed.tryComplete());
            Future<Void> ready = secret ? encrypted(socket, closed.future()) : Future.succeededFuture();
            return ready.compose(nothing -> socket.write(request)).transform(written -> {
                if (written.failed()) {
                    socket.close();
                }
                return closed.future();
            });
        });
    }

    private Future<Void> encrypted(NetSocket socket, Future<Void> closed) {
        Promise<Void> answer = Promise.promise();
        closed.onComplete(nothing -> answer.tryFail("the server closed the socket of the cancel request"));
        socket.handler(bytes -> {
            if (bytes.length() > 0 && bytes.getByte(0) == 'S') {
                answer.tryComplete();
            } else {
                answer.tryFail("the server refused TLS for the cancel request");
            }
        });
        return socket.write(Buffer.buffer(8).appendInt(8).appendInt(SSL_REQUEST))
                .compose(nothing -> answer.future())
                .compose(nothing -> socket.upgradeToSsl(tls));
    }

    Future<Void> close() {
        return net.close();
    }
}
