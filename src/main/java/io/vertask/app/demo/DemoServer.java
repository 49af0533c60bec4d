package io.vertask.app.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * An HTTP server on loopback that answers like GitHub ({@code /repos/{owner}/{name}}) and like httpbin
 * ({@code /delay/{seconds}}).
 *
 * <p>It knows the repositories of {@link #repositories}: the asyncio page's four, each with the page's own delay, and
 * four that misbehave: {@code acme/gone} is a 404, {@code acme/slow} says nothing for a minute, {@code acme/flaky}
 * fails the first request with a 503, {@code acme/busy} the first with a 429 and {@code Retry-After: 1}. «First» is
 * counted per server.
 *
 * <p><b>Failure.</b> {@link #start} fails when the port is taken.
 *
 * <p><b>Cancellation.</b> A client that hangs up ends its request at once: no timer stays behind, and
 * {@link Stats#abandoned} counts it.
 *
 * <p><b>Threads.</b> Any thread may call.
 */
public final class DemoServer {
    private static final String HOST = "127.0.0.1";
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final HttpServer http;
    private final GitHubEndpoint github;
    private final Traffic traffic = new Traffic();
    private volatile boolean closing;

    /**
     * What the server has seen so far.
     *
     * @param requests all requests
     * @param answered those that got their answer
     * @param abandoned those whose client hung up before the answer
     * @param open those waiting for their answer now
     * @param peakOpen the most that ever waited at one time
     */
    public record Stats(long requests, long answered, long abandoned, int open, int peakOpen) {}

    private DemoServer(Vertx vertx, Duration silence) {
        this.vertx = vertx;
        this.github = new GitHubEndpoint(Repositories.withSilence(silence));
        this.http = vertx.createHttpServer(new HttpServerOptions().setHost(HOST).setPort(0))
                .requestHandler(this::serve);
    }

    /** Listens on a free port. */
    public static Future<DemoServer> start(Vertx vertx) {
        return start(vertx, 0, SILENCE);
    }

    /** Listens on {@code port}; 0 takes a free one. */
    public static Future<DemoServer> start(Vertx vertx, int port) {
        return start(vertx, port, SILENCE);
    }

    static Future<DemoServer> start(Vertx vertx, int port, Duration silence) {
        DemoServer server = new DemoServer(vertx, silence);
        return server.http.listen(port, HOST).map(server);
    }

    /** Full names of all the repositories: the page's four first, then those that misbehave. */
    public static List<String> repositories() {
        return Repositories.withSilence(SILENCE).names();
    }

    public int port() {
        return http.actualPort();
    }

    /** {@code http://127.0.0.1:PORT}, without a slash at the end. */
    public String url() {
        return "http://" + HOST + ":" + port();
    }

    public Stats stats() {
        return traffic.stats();
    }

    int pendingTimers() {
        return traffic.timers();
    }

    /** Stops listening and closes every connection; requests that still wait get no answer. */
    public Future<Void> close() {
        closing = true;
        return http.close();
    }

    private void serve(HttpServerRequest request) {
        Exchange exchange = Exchange.begin(vertx, request, traffic, () -> closing);
        String path = request.path();
        if (path == null) {
            GitHubEndpoint.notFound(exchange);
        } else if (!HttpMethod.GET.equals(request.method())) {
            request.response().putHeader("allow", "GET");
            exchange.answer(405, new JsonObject().put("message", "only GET is served here"));
        } else if (path.startsWith(GitHubEndpoint.PATH)) {
            github.serve(exchange, path.substring(GitHubEndpoint.PATH.length()));
        } else if (path.startsWith(DelayEndpoint.PATH)) {
            DelayEndpoint.serve(exchange, path.substring(DelayEndpoint.PATH.length()));
        } else {
            GitHubEndpoint.notFound(exchange);
        }
    }
}
