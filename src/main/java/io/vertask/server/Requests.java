package io.vertask.server;

import io.vertask.task.CancelReason;
import io.vertask.task.CancelReason.Kind;
import io.vertask.task.CancelledException;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP requests as tasks.
 *
 * <p>{@code server.requestHandler(request -> Requests.serve(request, () -> sql.query(…).compose(rows ->
 * request.response().end(…))))} runs the coroutine as a task named after the request. It ends with its client: an
 * HTTP/1.1 client that closes the connection or an HTTP/2 client that resets the stream cancels it with
 * {@link Kind#CLIENT_GONE}, together with everything it waits for.
 *
 * <p>The request arrives paused. Read its body with {@link #body}, or pipe or resume it. To continue after a future of
 * the response, wrap it in {@link Tasks#await}, as every foreign future. {@code serve} sets the response's close
 * handler, which the body must not replace.
 */
public final class Requests {
    private Requests() {}

    /**
     * Starts {@code body} as a task for {@code request}. The milliseconds in the header
     * {@code x-envoy-expected-rq-timeout-ms}, if present, are its limit; zero is a limit too.
     *
     * <p><b>Failure.</b> A task that ends without having started a response gets one: 400 for a malformed header, 504
     * for a timeout, 503 when it was cancelled, by the end of its verticle, for example, and 500 for other errors and
     * for a success that has not ended its response. A response that was started is reset. Every error that became a
     * 500 is reported to the context's exception handler.
     *
     * <p><b>Cancellation.</b> By its client, by the end of the verticle, and by {@link Task#cancel}. Once the response
     * has ended, the client can't cancel the rest of the task.
     *
     * <p><b>Threads.</b> In a request handler on an event loop. The end of an HTTP/1.1 client goes unnoticed while its
     * request body is unread.
     */
    public static <T> Task<T> serve(HttpServerRequest request, Coroutine<T> body) {
        return serve(request, DeadlineHeader.HEADER, body);
    }

    /** {@link #serve(HttpServerRequest, Coroutine)} with the deadline in another header. */
    public static <T> Task<T> serve(HttpServerRequest request, String deadlineHeader, Coroutine<T> body) {
        Objects.requireNonNull(request, "Requests.serve: request is null");
        Objects.requireNonNull(deadlineHeader, "Requests.serve: deadlineHeader is null");
        Objects.requireNonNull(body, "Requests.serve: body is null");
        request.pause();
        ContextInternal context = ContextInternal.current();
        HttpServerResponse response = request.response();
        String name = request.method() + " " + request.path();
        String deadline = request.getHeader(deadlineHeader);
        Task<T> task = Tasks.start(name, DeadlineHeader.limited(deadlineHeader, deadline, body));
        // without handlers, Vert.x reports a client that hangs up as an error
        request.exceptionHandler(gone -> {});
        response.exceptionHandler(gone -> {});
        response.closeHandler(closed -> {
            if (!response.ended()) {
                task.cancel(new CancelReason(Kind.CLIENT_GONE, name));
            }
        });
        task.settled().onComplete(end -> answer(request, end.result(), context));
        return task;
    }

    private static void answer(HttpServerRequest request, Outcome<?> end, ContextInternal context) {
        HttpServerResponse response = request.response();
        Throwable error = end.errorOrNull();
        if (!response.ended() && !response.closed()) {
            refuse(response, error != null ? error : unanswered(request), context);
        } else if (error != null && !(error instanceof CancelledException)) {
            // the client has its response or has gone, so it can't be told
            context.reportException(error);
        }
        // an unread rest of the request would hold up the connection's next request
        request.resume();
    }

    private static IllegalStateException unanswered(HttpServerRequest request) {
        return new IllegalStateException("the task of " + request.method() + " " + request.path()
                + " has ended without ending its response; let its future be that of response.end(…)");
    }

    private static void refuse(HttpServerResponse response, Throwable error, ContextInternal context) {
        int status = FailureStatus.status(error);
        if (status == FailureStatus.BROKEN) {
            context.reportException(error);
        }
        if (response.headWritten()) {
            response.reset();
        } else {
            String text = error instanceof MalformedDeadlineException ? String.valueOf(error.getMessage()) : "";
            response.setStatusCode(status).end(text);
        }
    }

    /**
     * Reads the body, of at most {@code most} bytes, of a request passed to {@link #serve}.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} for a longer body; the error of a broken connection.
     *
     * <p><b>Cancellation.</b> Ends the wait; the rest is not read.
     */
    public static Future<Buffer> body(HttpServerRequest request, long most) {
        Objects.requireNonNull(request, "Requests.body: request is null");
        return Waiter.await("the body of " + request.path(), wait -> {
            wait.outside();
            Buffer all = Buffer.buffer();
            wait.onCancel(cause -> {
                leave(request);
                return true;
            });
            request.exceptionHandler(wait::fail);
            request.endHandler(end -> wait.resume(all));
            request.handler(chunk -> collect(request, all, chunk, most, wait));
            request.resume();
        });
    }

    private static void collect(
            HttpServerRequest request, Buffer all, Buffer chunk, long most, Waiter<@Nullable Buffer> wait) {
        if (all.length() + (long) chunk.length() > most) {
            leave(request);
            wait.fail(new IllegalStateException("the body of " + request.method() + " " + request.path()
                    + " is longer than the limit of " + most + " bytes"));
        } else {
            all.appendBuffer(chunk);
        }
    }

    /** Pauses the request again; data that flows after the end of the task is discarded. */
    private static void leave(HttpServerRequest request) {
        request.pause();
        request.handler(null);
    }
}
