package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpResponseHead;
import io.vertx.core.streams.ReadStream;

/**
 * Reads a response while it comes; see {@link HttpCalls#stream}.
 *
 * @param <T> what it makes of the response
 */
@FunctionalInterface
public interface HttpReader<T> {
    /**
     * Called when the head has come. When the future has ended, however it ended, what is unread of the body is given
     * up.
     *
     * @param body loses nothing to a reader that begins late; a failure goes to its exception handler
     */
    Future<T> read(HttpResponseHead head, ReadStream<Buffer> body) throws Exception;
}
