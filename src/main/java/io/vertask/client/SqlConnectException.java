package io.vertask.client;

import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * No connection to the database could be opened, so no statement was sent. The message names server, user, reason and
 * fix, and never the password.
 */
public final class SqlConnectException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private SqlConnectException(String message, Throwable cause) {
        super(message, cause, true, false);
    }

    static SqlConnectException of(Throwable cause, PgConnectOptions to, Duration limit) {
        String where = to.isUsingDomainSocket()
                ? to.getHost() + "/.s.PGSQL." + to.getPort()
                : to.getHost() + ":" + to.getPort();
        return new SqlConnectException(
                "no connection to Postgres at " + where + " as user " + to.getUser() + ", database " + to.getDatabase()
                        + ": " + why(cause, to, limit),
                cause);
    }

    private static String why(Throwable cause, PgConnectOptions to, Duration limit) {
        if (cause instanceof PgException pg) {
            return pg.getErrorMessage() + fix(String.valueOf(pg.getSqlState()));
        }
        if (cause instanceof IllegalArgumentException && to.getPassword().isEmpty()) {
            // the SCRAM library's own refusal
            return "the server asks for a password, and there is none. Set PGPASSWORD or a line in ~/.pgpass";
        }
        if (cause instanceof UnknownHostException) {
            return "no such host. Check the host name";
        }
        if (cause instanceof io.netty.channel.ConnectTimeoutException || cause instanceof TimeoutException) {
            return "no answer within " + limit.toMillis() + " ms. Check host, port and firewall";
        }
        if (cause instanceof ConnectException) {
            return "connection refused. Is the server running there?";
        }
        if (String.valueOf(cause.getMessage()).contains("does not handle SSL")) {
            return "the server has no TLS, and sslmode " + to.getSslMode() + " asks for it";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static String fix(String sqlState) {
        return switch (sqlState) {
            case "28P01", "28000" -> ". Check user and password";
            case "3D000" -> ". Check the database's name";
            case "53300" -> ". Lower the pool's max or raise the server's max_connections";
            default -> "";
        };
    }
}
