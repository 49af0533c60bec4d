package io.vertask.client;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;

/** The socket under a connection of the pool. */
final class SqlSocket {
    private final SqlConnection connection;
    private final PromiseInternal<Void> gone;
    private boolean closed;

    SqlSocket(SqlConnection connection, ContextInternal loop) {
        this.connection = connection;
        this.gone = loop.promise();
        connection.closeHandler(nothing -> wasClosed());
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes the socket: the pool then drops the connection, and the server ends the session. */
    void closeHard() {
        if (!closed) {
            closed = true;
            // past the handlers: the codec would send its farewell, and wait for a server that may not answer
            var unused = netty(connection).pipeline().firstContext().close();
        }
    }

    private void wasClosed() {
        // one turn later on the connection's loop, the pool has dropped it, and can't hand it out again
        netty(connection).executor().execute(gone::tryComplete);
        closed = true;
    }

    /** Gives the connection back; completes when the pool can't hand out a closed one any more. */
    Future<Void> giveBack() {
        Future<Void> dropped = closed ? gone.future() : Future.succeededFuture();
        return dropped.compose(nothing -> connection.close());
    }

    /** The connection's messages, as they pass. */
    PgWire wire() {
        return PgWire.of(netty(connection).channel());
    }

    /** Ends the login's limit: the connection has come in time. */
    static void loginOver(SqlConnection connection) {
        ChannelHandlerContext netty = netty(connection);
        PgLogin.over(netty.channel());
        if (netty.pipeline().get(PgDescriptions.class) == null) {
            netty.pipeline().addBefore("codec", "descriptions", new PgDescriptions());
        }
    }

    /** The types of the statements of this connection. */
    static PgDescriptions descriptions(SqlConnection connection) {
        return netty(connection).pipeline().get(PgDescriptions.class);
    }

    /** An object that stays the same as long as the connection lives, however often it is lent. */
    static Object identity(SqlConnection connection) {
        return under(connection);
    }

    private static ChannelHandlerContext netty(SqlConnection connection) {
        return under(connection).socket().channelHandlerContext();
    }

    private static SocketConnectionBase under(SqlConnection connection) {
        return (SocketConnectionBase)
                ((SqlConnectionInternal) connection).unwrap().unwrap();
    }
}
