package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The disposal of values that come when nobody waits for them any more. */
final class LateValues {
    private static final List<LateCloser> CLOSERS =
            ServiceLoader.load(LateCloser.class, LateCloser.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private LateValues() {}

    /** Loads the services by loading this class; not called on an event loop, which it would block. */
    static void prepare() {}

    /** Gives {@code value} to {@code undelivered}; without such a hook, closes it if it is a connection. */
    @SuppressWarnings("unchecked")
    static void dispose(@Nullable Object value, @Nullable Consumer<?> undelivered, ContextInternal context) {
        ContextInternal before = context.beginDispatch();
        try {
            if (undelivered != null) {
                ((Consumer<Object>) undelivered).accept(value);
            } else if (value != null) {
                close(value).onFailure(context::reportException);
            }
        } catch (Throwable thrown) {
            context.reportException(thrown);
        } finally {
            context.endDispatch(before);
        }
    }

    private static Future<?> close(Object value) {
        if (value instanceof NetSocket socket) {
            return socket.close();
        }
        if (value instanceof HttpConnection connection) {
            return connection.close();
        }
        if (value instanceof WebSocketBase socket) {
            return socket.close();
        }
        for (LateCloser closer : CLOSERS) {
            Future<?> closed = closer.close(value);
            if (closed != null) {
                return closed;
            }
        }
        return Future.succeededFuture();
    }
}
