package io.vertask.app.feed;

import io.vertask.client.SqlCalls;
import io.vertx.core.Future;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * What sources read from.
 *
 * @param database opens a connection of its own to the client of that name
 * @param note takes what may surprise and is no mistake
 */
public record Outside(InputStream stdin, Database database, Consumer<String> note) {

    /** How a database is reached. */
    @FunctionalInterface
    public interface Database {
        /** <b>Failure.</b> {@link io.vertask.app.workload.StartFailure} when it can't be. */
        Future<SqlCalls> open(String client);
    }

    /** Nothing at all: for jobs that have their items themselves. */
    public static Outside none() {
        return new Outside(
                InputStream.nullInputStream(),
                client -> Future.failedFuture(new IllegalStateException("no database here")),
                note -> {});
    }
}
