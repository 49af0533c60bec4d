package io.vertask.app.workload.http;

import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.workload.CallFailure;
import io.vertask.client.HttpCalls;
import io.vertask.client.HttpContentException;
import io.vertask.client.HttpNotProcessedException;
import io.vertask.client.HttpRedirect;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpResponseHead;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.HttpResponseImpl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * Sends the requests of one client: follows redirects, keeps the limit for bodies, puts every failure into words, and
 * honours rate-limit headers.
 *
 * <p><b>Threads.</b> The workload's event loop.
 */
final class Sender {
    private final HttpCalls calls;
    private final ItemRequests requests;
    private final RateLimits limits;
    private final long maxBody;

    private Sender(HttpCalls calls, ItemRequests requests, RateLimits limits, long maxBody) {
        this.calls = calls;
        this.requests = requests;
        this.limits = limits;
        this.maxBody = maxBody;
    }

    /**
     * The response to a request.
     *
     * @param unreadable the failure of its body, which it then does not have
     * @param request the last one, after all redirects
     * @param next the rest of the way, when a redirect asks us to wait first
     */
    record Received(
            HttpResponse<Buffer> response, Optional<CallFailure> unreadable, Request request, Optional<Onward> next) {
        /** The bytes of the body; empty when there is none. Fails with a {@link CallFailure} when it is unreadable. */
        Buffer body() {
            if (unreadable.isPresent()) {
                throw unreadable.get();
            }
            Buffer bytes = response.body();
            return bytes == null ? Buffer.buffer() : bytes;
        }

        int status() {
            return response.statusCode();
        }
    }

    /** The next request after a redirect, and how long to wait before it. */
    record Onward(Request request, Redirects redirects, Duration pause) {}

    /**
     * With {@code concurrency} connections.
     *
     * <p><b>Failure.</b> {@link io.vertask.app.workload.StartFailure} when {@code ca} can't be read.
     *
     * @param maxBody the step's own limit; empty: the client's, or the usual one
     */
    static Future<Sender> open(
            Vertx vertx, ItemRequests requests, OptionalLong maxBody, int concurrency, Reached reached) {
        Optional<HttpClientConfig> client = requests.client();
        long most = maxBody.orElse(client.map(HttpClientConfig::maxBody)
                .orElse(OptionalLong.empty())
                .orElse(HttpCalls.Options.MAX_BODY_BYTES));
        WebClientOptions web = new WebClientOptions().setFollowRedirects(false);
        if (client.map(HttpClientConfig::http2).orElse(false)) {
            web.setProtocolVersion(HttpVersion.HTTP_2).setUseAlpn(true);
        }
        return Trust.of(vertx, client).map(trusted -> {
            trusted.ifPresent(web::setTrustOptions);
            HttpCalls calls = HttpCalls.create(
                    vertx, HttpCalls.Options.of(concurrency).withWeb(web).withMaxBodyBytes(most), reached);
            return new Sender(calls, requests, RateLimits.of(client), most);
        });
    }

    Future<Void> close() {
        return calls.close();
    }

    /**
     * Sends {@code request} and follows its redirects, except one whose status {@code wanted} accepts.
     *
     * <p><b>Failure.</b> {@link CallFailure}, also for a redirect that can't be followed.
     */
    Future<Received> send(Request request, PhaseListener phases, IntPredicate wanted) {
        return send(request, new Redirects(), phases, wanted);
    }

    /** Goes on after a redirect that had to wait. */
    Future<Received> send(Onward onward, PhaseListener phases, IntPredicate wanted) {
        return send(onward.request(), onward.redirects().copy(), phases, wanted);
    }

    private Future<Received> send(Request request, Redirects redirects, PhaseListener phases, IntPredicate wanted) {
        return hop(request, redirects, new Way(phases, request.repeatable()), wanted);
    }

    private Future<Received> hop(Request request, Redirects redirects, Way way, IntPredicate wanted) {
        HttpRequest<Buffer> web = calls.web()
                .requestAbs(request.method(), request.url().toASCIIString())
                .followRedirects(false);
        request.headers().forEach(header -> web.putHeader(header.getKey(), header.getValue()));
        return calls.<Buffer>send(web, request.content().orElse(null), way).transform(end -> {
            if (end.succeeded()) {
                return arrived(end.result(), Optional.empty(), request, redirects, way, wanted);
            }
            Throwable failure = HttpFailures.of(end.cause(), request, way.now, maxBody);
            if (!(failure instanceof CallFailure call)) {
                return Future.failedFuture(failure);
            }
            boolean mayBeDone = way.sent && !(end.cause() instanceof HttpNotProcessedException);
            CallFailure said = mayBeDone && !request.repeatable() ? call.once() : call;
            // a redirect and a refusal say enough without their bodies
            return end.cause() instanceof HttpContentException content
                    ? arrived(withoutBody(content.head()), Optional.of(said), request, redirects, way, wanted)
                    : Future.failedFuture(said);
        });
    }

    private static HttpResponse<Buffer> withoutBody(HttpResponseHead head) {
        return new HttpResponseImpl<>(
                head.version(),
                head.statusCode(),
                head.statusMessage(),
                head.headers(),
                MultiMap.caseInsensitiveMultiMap(),
                head.cookies(),
                null,
                List.of());
    }

    private Future<Received> arrived(
            HttpResponse<Buffer> response,
            Optional<CallFailure> unreadable,
            Request request,
            Redirects redirects,
            Way way,
            IntPredicate wanted) {
        int status = response.statusCode();
        String location = response.getHeader("Location");
        if (location == null || !HttpRedirect.isRedirect(request.method(), status) || wanted.test(status)) {
            return Future.succeededFuture(new Received(response, unreadable, request, Optional.empty()));
        }
        Request next = redirects.follow(request, status, location);
        way.answered();
        Optional<Duration> wait = RetryAfter.of(response).filter(length -> !length.isZero());
        return wait.isEmpty()
                ? hop(next, redirects, way, wanted)
                : Future.succeededFuture(new Received(
                        response, unreadable, request, Optional.of(new Onward(next, redirects, wait.get()))));
    }

    /** The pause that this good answer asks of everyone. */
    Optional<Duration> wishOf(Received good) {
        return isHome(good) ? limits.afterSuccess(good.response()) : Optional.empty();
    }

    /** The failure that an unsuccessful answer is reported as. */
    CallFailure refused(Received bad) {
        CallFailure failure =
                Responses.refused(bad, isHome(bad) || bad.request().hasSecret(), requests);
        Optional<Duration> wish =
                isHome(bad) || requests.client().isEmpty() ? limits.afterRefusal(bad.response()) : Optional.empty();
        if (wish.isPresent()) {
            failure = failure.passing().pausing(wish.get());
        }
        return bad.request().repeatable() ? failure : failure.once();
    }

    private boolean isHome(Received received) {
        return requests.isHome(received.request().origin());
    }

    /**
     * The phases of one attempt. Once a request that can't be repeated is sent, no earlier phase is told, until its
     * server says that it did not process it.
     */
    private static final class Way implements PhaseListener {
        private final PhaseListener outer;
        private final boolean repeatable;
        private Phase now = Phase.QUEUED;
        private boolean sent;
        /** Whether a request of this attempt has been answered by a redirect. */
        private boolean answered;

        Way(PhaseListener outer, boolean repeatable) {
            this.outer = outer;
            this.repeatable = repeatable;
        }

        @Override
        public void phase(Phase next) {
            sent |= next.compareTo(Phase.RESPONSE) >= 0;
            now = sent && !repeatable && next.compareTo(Phase.RESPONSE) < 0 ? Phase.RESPONSE : next;
            outer.phase(now);
        }

        void answered() {
            answered = true;
        }

        @Override
        public void notProcessed() {
            sent = answered;
            outer.notProcessed();
        }

        @Override
        public void reached(Reached.What what) {
            outer.reached(what);
        }
    }
}
