package io.vertask.client;

import io.vertask.task.CancelReason;
import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.http.HttpResponseHead;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call whose response is read as it arrives: the call is a task beside its reader, and ends with it.
 *
 * <p>So the call has its slot until the last byte has come or the reader has ended; an unread rest is given up with the
 * connection.
 */
final class HttpExchange {
    private final HttpStreamCodec codec;
    private @Nullable Waiter<HttpResponseHead> head;
    private @Nullable Task<HttpResponse<Void>> call;

    HttpExchange(long maxBodyBytes) {
        codec = new HttpStreamCodec(maxBodyBytes, come -> {
            if (head != null) {
                head.resume(come);
            }
        });
    }

    <T> Future<T> run(
            HttpRequest<?> request,
            Function<HttpRequest<Void>, Future<HttpResponse<Void>>> send,
            HttpReader<T> reader) {
        Coroutine<HttpResponse<Void>> sending =
                () -> send.apply(request.copy().as(codec)).onComplete((done, error) -> ended(error));
        return Tasks.finallyDo(
                () -> {
                    call = Tasks.start("exchange", sending);
                    return Waiter.<HttpResponseHead>await("the head of the response", wait -> head = wait.outside())
                            .compose(come -> read(come, reader));
                },
                () -> call == null
                        ? Future.succeededFuture()
                        : call.cancelAndJoin(CancelReason.user("the reader of the response has ended"))
                                .mapEmpty());
    }

    private <T> Future<T> read(HttpResponseHead come, HttpReader<T> reader) {
        codec.chunks().open(ContextInternal.current());
        try {
            return reader.read(come, codec.chunks());
        } catch (Exception thrown) {
            return Future.failedFuture(thrown);
        }
    }

    private void ended(@Nullable Throwable error) {
        if (error == null) {
            codec.chunks().end();
            return;
        }
        if (Task.current()
                .map(Task::state)
                .filter(Task.State.CANCELLING::equals)
                .isPresent()) {
            codec.chunks().cut(error);
        } else {
            codec.chunks().fail(error);
        }
        if (head != null) {
            head.fail(error);
        }
    }
}
