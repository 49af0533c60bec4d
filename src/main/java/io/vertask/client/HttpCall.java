package io.vertask.client;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertask.task.CancelledException;
import io.vertask.task.Task;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.HttpClientInternal;
import io.vertx.ext.web.client.impl.HttpContext;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request of the WebClient, redirects included, as a wait of the current task.
 *
 * <pre>
 *              slot              connection            head             end
 *  QUEUED ───────────▶ CONNECTING ────────▶ RESPONSE ────────▶ BODY ──────────▶ over ──turn──▶ delivered
 *    │                   │    ▲───redirect──────┘                │                ▲
 *    └───────────────────┴──── cancel, failure, close ───────────┴────────────────┘
 * </pre>
 *
 * <p>Over: the slot has been given back and the wire aborted, and nothing that still comes from Vert.x counts.
 * Delivered: the task has had its turn, and the WebClient's future completes. Between the two the HttpContext is held,
 * so that what the task gets is decided by its {@link Waiter} alone; only a real error that came in the same turn as
 * the cancel is delivered as that error, for an HttpContext cannot exchange its failure.
 *
 * <p>Outside any task there is no wait: the limits hold, nothing cancels.
 *
 * <p><b>Threads.</b> Its context's event loop.
 */
final class HttpCall {
    /** HTTP/2's error code for «no longer wanted»; on HTTP/1.1 a reset closes the connection. */
    static final long CANCEL = 8;

    /** How often a request that was not processed is sent again. */
    static final int MOST_TIMES = 10;

    private final ContextInternal context;
    private final HttpContext<?> http;
    private final HttpSlots slots;
    private final Reached reached;
    private final HttpTerms terms;
    private final long maxBodyBytes;
    private final @Nullable String deadlineHeader;

    private RequestOptions options;
    private @Nullable Waiter<Void> wait;
    private @Nullable Runnable onSlot;
    private boolean hasSlot;
    private boolean leftOrigin;
    /** Whether a connection was requested from Vert.x and has not come yet. */
    private boolean connecting;
    /** The request whose response has not ended, and which an abort has to reset. */
    private @Nullable HttpClientRequest wire;
    /** The request that was sent last. */
    private @Nullable HttpClientRequest sent;
    /** The request that Vert.x made last, which its response names. */
    private @Nullable HttpClientRequest made;
    /** The content that a redirect with the same method sends again. */
    private @Nullable Object content;

    private boolean sendsAgain;

    /** How often a request was sent since the last redirect. */
    private int times;
    /** Whether the server has said that it did not process the request, which is then sent again. */
    private boolean notProcessed;

    private boolean cancelled;
    private boolean over;
    private boolean delivered;

    HttpCall(
            ContextInternal context,
            HttpContext<?> http,
            HttpSlots slots,
            Reached reached,
            HttpTerms terms,
            HttpCalls.Options limits) {
        this.context = context;
        this.http = http;
        this.slots = slots;
        this.reached = reached;
        this.terms = terms;
        this.maxBodyBytes =
                http.request().bodyCodec() instanceof HttpStreamCodec stream ? stream.limit() : limits.maxBodyBytes();
        this.deadlineHeader = limits.deadlineHeader();
        this.options = http.requestOptions();
        this.content = http.body();
        if (terms.upload() != null) {
            // at once: before the request hears of it, and is reset by Vert.x with an error of its own
            terms.upload().onFailure(error -> context.execute(() -> fail(error)));
        }
    }

    // ---- the phases of the HttpContext: each answers whether it may go on

    /** Begins the wait. Returns false, and fails the context, when the task has been cancelled already. */
    boolean begin() {
        again();
        if (Task.current().isEmpty()) {
            return true;
        }
        Future<Void> turn = Waiter.await(what(), w -> {
            wait = w.outside();
            w.onCancel(this::abort);
        });
        turn.onComplete((value, error) -> deliver(error));
        return wait != null;
    }

    /** Begins the next request of this call, which is its first one or that of a redirect. */
    boolean again() {
        if (over) {
            return false;
        }
        options = new HttpLimitedClient.Options(http.requestOptions(), this);
        http.requestOptions(options);
        return true;
    }

    boolean sent(HttpClientRequest request) {
        if (over) {
            discard(request);
            return false;
        }
        wire = request;
        sent = request;
        HttpFraming framing = HttpFraming.watch(request);
        HttpContentCoding.ask(request);
        if (wait != null && !leftOrigin) {
            HttpDeadline.put(request, deadlineHeader);
        }
        // without a handler Vert.x logs an error for a request that is cut short; its response fails all the same
        request.exceptionHandler(error -> {});
        request.connection().exceptionHandler(error -> {});
        HttpRefusal refusal = HttpRefusal.of(request);
        times++;
        request.response().onFailure(error -> lost(framing, refusal, error));
        tell(Phase.RESPONSE);
        return !over;
    }

    /** Names the failure of a request that has no answer, before the HttpContext hears of it. */
    private void lost(@Nullable HttpFraming framing, @Nullable HttpRefusal refusal, Throwable error) {
        bodyOver();
        if (refusal != null && refusal.isSaidBy(error)) {
            notProcessed = times <= MOST_TIMES && HttpRedirectHandler.isRepeatable(content);
            if (!notProcessed) {
                fail(new HttpNotProcessedException(times, error));
            }
        } else if (framing != null && framing.idle().isUnanswered() && isClose(error)) {
            fail(new HttpIdleClosedException());
        }
    }

    private static boolean isClose(Throwable error) {
        return error instanceof HttpClosedException
                || (error instanceof IOException && !(error instanceof SSLException));
    }

    boolean redirected(HttpClientResponse response) {
        if (over) {
            return false;
        }
        wire = null;
        RequestOptions next = http.requestOptions();
        HttpOrigin from =
                HttpOrigin.of(HttpRedirectHandler.uri(response.request())).orElse(null);
        boolean same = new HttpOrigin(next.isSsl(), next.getHost(), next.getPort()).equals(from);
        leftOrigin |= !same;
        times = 0;
        HttpRedirectHandler.carryOver(options, next, same);
        if (!response.request().getMethod().equals(next.getMethod())) {
            content = null;
        }
        sendsAgain = content != null;
        return true;
    }

    boolean isOf(HttpClientRequest request) {
        return made == request;
    }

    /** The content of the request that was sent last; null for none. */
    @Nullable
    Object content() {
        return content;
    }

    boolean received(HttpClientResponse response) {
        if (over) {
            return false;
        }
        // as for the request, until the body's own handlers stand
        response.exceptionHandler(error -> {});
        tell(Phase.BODY);
        if (over) {
            return false;
        }
        HttpContentCoding coding;
        try {
            coding = HttpContentCoding.takeOff(response);
        } catch (HttpContentException unknown) {
            http.fail(unknown);
            return false;
        }
        if (HttpBodyLimit.announced(response) > maxBodyBytes) {
            http.fail(tooLarge());
            return false;
        }
        if (HttpBodyLimit.put(http.request(), maxBodyBytes, coding, this) instanceof HttpStreamCodec stream) {
            stream.head(response);
        }
        return true;
    }

    boolean responded() {
        if (!over) {
            HttpUpload upload = terms.upload();
            if (upload != null && !upload.isFinished() && sent != null) {
                // the server has answered without waiting for the rest, which is not needed any more
                HttpClientRequest rest = sent;
                ended();
                cut(rest, new HttpClosedException("the server has answered before the end of the upload"));
            } else {
                ended();
            }
            if (wait == null) {
                return true;
            }
            wait.resume(null);
        }
        return delivered;
    }

    boolean failed(Throwable failure) {
        if (!over && notProcessed) {
            sendAgain();
            return false;
        }
        if (!over) {
            HttpClientRequest open = wire;
            ended();
            if (open != null) {
                cut(open, failure);
            }
            if (wait != null) {
                wait.fail(failure);
            }
        }
        return delivered || wait == null;
    }

    /** Sends a request that was not processed again, in the slot and the limits that it has. */
    private void sendAgain() {
        notProcessed = false;
        sendsAgain = content != null;
        Listening.notProcessed(context, terms.listener());
        http.createRequest(http.requestOptions());
    }

    boolean isDelivered() {
        return delivered;
    }

    // ---- the connection

    /** Requests a connection for this call once it has its slot. */
    Future<HttpClientRequest> connect(HttpClientInternal client, RequestOptions to) {
        Promise<HttpClientRequest> connected = context.promise();
        if (leftOrigin) {
            // an interceptor of a session or of OAuth2 may have put its token back
            to.removeHeader(HttpHeaders.AUTHORIZATION);
        }
        if (hasSlot) {
            open(client, to, connected);
        } else {
            onSlot = () -> open(client, to, connected);
            slots.enter(this);
        }
        return connected.future();
    }

    void queued() {
        tell(Phase.QUEUED);
    }

    void granted() {
        Runnable open = onSlot;
        onSlot = null;
        if (!over && open != null) {
            hasSlot = true;
            open.run();
        }
    }

    private void open(HttpClientInternal client, RequestOptions to, Promise<HttpClientRequest> connected) {
        tell(Phase.CONNECTING);
        if (!over) {
            connecting = true;
            take(client, to, connected);
        }
    }

    /** Takes a connection out of the pool, or opens one. */
    private void take(HttpClientInternal client, RequestOptions to, Promise<HttpClientRequest> connected) {
        Future<HttpClientRequest> opening;
        try {
            opening = client.request(to);
        } catch (RuntimeException refused) {
            opening = context.failedFuture(refused);
        }
        opening.onComplete((request, error) -> {
            if (request == null || over || !HttpFreshness.isNeededBy(request)) {
                taken(request, error, connected);
                return;
            }
            // without a handler Vert.x logs an error when the connection turns out to be closed
            request.exceptionHandler(closed -> {});
            HttpFreshness.of(request, context).onComplete((fresh, unused) -> {
                if (over || Boolean.TRUE.equals(fresh)) {
                    taken(request, null, connected);
                } else {
                    discard(request);
                    take(client, to, connected);
                }
            });
        });
    }

    private void taken(
            @Nullable HttpClientRequest request, @Nullable Throwable error, Promise<HttpClientRequest> connected) {
        connecting = false;
        if (!over) {
            made = request;
            Object again = sendsAgain ? content : null;
            connected.complete(
                    request == null || again == null ? request : HttpRedirectHandler.sending(request, again),
                    // the client may have been closed between the slot and the connect: the same error for both
                    error != null && slots.isClosed() ? HttpSlots.closed() : error);
            return;
        }
        if (request != null) {
            discard(request);
        }
        slots.leave(this);
    }

    /** Closes a connection that came too late, or only the stream when the connection is shared. */
    private void discard(HttpClientRequest unsent) {
        unsent.exceptionHandler(error -> {});
        if (unsent.version() == HttpVersion.HTTP_2) {
            unsent.reset(CANCEL);
            return;
        }
        Future<Void> closed = unsent.connection().close();
        if (cancelled) {
            closed.onSuccess(done -> reached(Reached.What.SOCKET_CLOSED));
        }
    }

    /** Ends a request that has been sent: its HTTP/2 stream, or its whole HTTP/1.1 connection. */
    private static Future<Void> cut(HttpClientRequest request, Throwable why) {
        if (request.version() == HttpVersion.HTTP_2) {
            return request.reset(CANCEL, why);
        }
        HttpClientConnectionInternal connection = (HttpClientConnectionInternal) request.connection();
        // a reset alone would put it back into the pool when the response has ended, but not the request
        Future<Void> unused = connection.close();
        Future<Void> reset = request.reset(CANCEL, why);
        // past the handlers: they would first send what waits, and a server that does not read never takes that
        ChannelHandlerContext first =
                connection.channelHandlerContext().pipeline().firstContext();
        if (first != null) {
            ChannelFuture unusedToo = first.close();
        }
        return reset;
    }

    // ---- the body

    HttpBodyTooLargeException tooLarge() {
        return new HttpBodyTooLargeException(maxBodyBytes, url());
    }

    /** Notes that the response has ended or broken off, so nothing has to be aborted any more. */
    void bodyOver() {
        wire = null;
    }

    // ---- the end

    private boolean abort(CancelledException cause) {
        HttpClientRequest open = wire;
        boolean wasQueued = onSlot != null;
        cancelled = true;
        ended();
        // first, so that what the reset makes of the response finds the context failed with our cause
        http.fail(cause);
        if (wasQueued) {
            reached(Reached.What.WAITER_REMOVED);
        }
        if (open == null) {
            return true;
        }
        cut(open, cause).onComplete((done, refused) -> {
            if (refused == null && open.version() == HttpVersion.HTTP_2) {
                reached(Reached.What.STREAM_RESET);
            } else if (refused == null) {
                reached(Reached.What.SOCKET_CLOSED);
            }
            if (wait != null) {
                wait.fail(cause);
            }
        });
        return false;
    }

    private void ended() {
        over = true;
        onSlot = null;
        wire = null;
        if (terms.upload() != null) {
            terms.upload().leave();
        }
        if (connecting) {
            slots.abandon(this);
        } else {
            slots.leave(this);
        }
    }

    /** Completes the WebClient's future in the turn of the task. */
    private void deliver(@Nullable Throwable error) {
        delivered = true;
        if (error == null || !http.fail(error)) {
            http.next();
        }
    }

    /** Fails the call, unless it is over. */
    void fail(Throwable error) {
        if (!over) {
            http.fail(error);
        }
    }

    /** Moves {@code foreign} to this call's context. */
    <T> Future<T> anchored(Future<T> foreign) {
        return OnContext.anchored(context, foreign);
    }

    void later(Runnable action) {
        context.runOnContext(turn -> action.run());
    }

    private void tell(Phase phase) {
        Listening.phase(context, terms.listener(), phase);
    }

    private void reached(Reached.What what) {
        reached.count(what);
        Listening.reached(context, terms.listener(), what);
    }

    private String what() {
        return options.getMethod() + " " + url();
    }

    private String url() {
        return HttpOrigin.withoutQuery(options);
    }
}
