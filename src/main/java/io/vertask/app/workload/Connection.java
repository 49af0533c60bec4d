package io.vertask.app.workload;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** A client of a job that can be tried before anything is sent: its host, its TLS, its login. */
@FunctionalInterface
public interface Connection {
    /**
     * Connects once and closes again; the value says to what, like {@code https://api.github.com: TLS 1.3}.
     *
     * <p><b>Failure.</b> {@link StartFailure} in words for people.
     */
    Future<String> probe(Vertx vertx);
}
