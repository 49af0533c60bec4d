package io.vertask.app.feed;

import io.vertask.client.SqlCalls;
import io.vertx.core.Future;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * The inputs and outputs that sources of items need from the process.
 *
 * @param database opens a connection of its own to the client of that name
 * @param note takes notes, which are no mistakes but may surprise
 */
public record Outside(InputStream stdin, Database database, Consumer<String> note) {

    /** Opens the databases of a job. */
    @FunctionalInterface
    public interface Database {
        /** Opens it. <b>Failure.</b> {@link io.vertask.app.workload.StartFailure}. */
        Future<SqlCalls> open(String client);
    }

    /** No input and no database: for jobs whose items stand in their file. */
    public static Outside none() {
        return new Outside(
                InputStream.nullInputStream(),
                client -> Future.failedFuture(new IllegalStateException("no database here")),
                note -> {});
    }
}
