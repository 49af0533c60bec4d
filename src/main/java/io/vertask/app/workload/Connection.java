package io.vertask.app.workload;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** A client of a job whose host, TLS and login can be checked without sending a request. */
@FunctionalInterface
public interface Connection {
    /**
     * Connects once and closes again; the value describes the connection, like {@code https://api.github.com: TLS 1.3}.
     *
     * <p><b>Failure.</b> {@link StartFailure} in words for people.
     */
    Future<String> probe(Vertx vertx);
}
