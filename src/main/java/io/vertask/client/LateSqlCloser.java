package io.vertask.client;

import io.vertask.task.LateCloser;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import org.jspecify.annotations.Nullable;

/** The closer of SQL connections that come when the task that waited for them has been cancelled. */
public final class LateSqlCloser implements LateCloser {
    /** For the service loader. */
    public LateSqlCloser() {}

    @Override
    public @Nullable Future<?> close(Object value) {
        return value instanceof SqlConnection connection ? connection.close() : null;
    }
}
