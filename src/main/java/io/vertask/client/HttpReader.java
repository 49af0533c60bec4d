package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpResponseHead;
import io.vertx.core.streams.ReadStream;

/**
 * The body of {@link HttpCalls#stream}: reads a response as it arrives.
 *
 * @param <T> the type of its result
 */
@FunctionalInterface
public interface HttpReader<T> {
    /**
     * Called when the head has come. When the future has ended, however it ended, the unread rest of the body is given
     * up.
     *
     * @param body loses nothing to a reader that begins late; a failure goes to its exception handler
     */
    Future<T> read(HttpResponseHead head, ReadStream<Buffer> body) throws Exception;
}
