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
 * An HTTP server on loopback with an endpoint like GitHub's ({@code /repos/{owner}/{name}}) and one like httpbin's
 * ({@code /delay/{seconds}}).
 *
 * <p>It knows the repositories of {@link #repositories}: the asyncio page's four, each with the page's own delay, and
 * four that misbehave: {@code acme/gone} is a 404, {@code acme/slow} is silent for a minute, {@code acme/flaky} answers
 * a server's first request with a 503, and {@code acme/busy} with a 429 and {@code Retry-After: 1}.
 *
 * <p><b>Failure.</b> {@link #start} fails when the port is taken.
 *
 * <p><b>Cancellation.</b> A client that hangs up ends its request and its timer at once, and is counted by
 * {@link Stats#abandoned}.
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
     * Counts of the requests so far.
     *
     * @param requests all requests
     * @param answered requests that got their answer
     * @param abandoned requests whose client hung up before the answer
     * @param open requests that wait for their answer now
     * @param peakOpen the highest number of open requests
     */
    public record Stats(long requests, long answered, long abandoned, int open, int peakOpen) {}

    private DemoServer(Vertx vertx, Duration silence) {
        this.vertx = vertx;
        this.github = new GitHubEndpoint(Repositories.withSilence(silence));
        this.http = vertx.createHttpServer(new HttpServerOptions().setHost(HOST).setPort(0))
                .requestHandler(this::serve);
    }

    /** Starts a server on a free port. */
    public static Future<DemoServer> start(Vertx vertx) {
        return start(vertx, 0, SILENCE);
    }

    /** Starts a server on {@code port}; 0 means a free one. */
    public static Future<DemoServer> start(Vertx vertx, int port) {
        return start(vertx, port, SILENCE);
    }

    static Future<DemoServer> start(Vertx vertx, int port, Duration silence) {
        DemoServer server = new DemoServer(vertx, silence);
        return server.http.listen(port, HOST).map(server);
    }

    /** The full names of all repositories: the page's four first, then those that misbehave. */
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

    /** Stops listening and closes every connection; open requests get no answer. */
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
