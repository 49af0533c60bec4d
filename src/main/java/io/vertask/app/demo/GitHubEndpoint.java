package io.vertask.app.demo;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /repos/{owner}/{name}} in GitHub's format: body, rate-limit headers and error bodies.
 *
 * <p>The rate limit is reported and not enforced: {@code remaining} stops at 1, so no client pauses for an hour.
 *
 * <p><b>Threads.</b> Any thread may call.
 */
final class GitHubEndpoint {
    static final String PATH = "/repos/";

    private static final int RATE_LIMIT = 5000;
    private static final String DOCUMENTATION = "https://docs.github.com/rest";

    private final Repositories repositories;
    private final Set<String> asked = new HashSet<>();
    private final long resetAt = Instant.now().plus(Duration.ofHours(1)).getEpochSecond();
    private int used;

    GitHubEndpoint(Repositories repositories) {
        this.repositories = repositories;
    }

    void serve(Exchange exchange, String fullName) {
        rateLimit(exchange.request().response());
        Repository repository = repositories.find(fullName);
        if (repository == null) {
            notFound(exchange);
            return;
        }
        Misbehaviour misbehaviour = repository.misbehaviour();
        Duration delay = misbehaviour instanceof Misbehaviour.Slow slow ? slow.silence() : repository.delay();
        boolean first = firstTime(fullName);
        exchange.after(delay, () -> answer(exchange, repository, misbehaviour, first));
    }

    private static void answer(
            Exchange exchange, Repository repository, @Nullable Misbehaviour misbehaviour, boolean first) {
        if (misbehaviour instanceof Misbehaviour.Gone) {
            notFound(exchange);
        } else if (misbehaviour instanceof Misbehaviour.Flaky && first) {
            exchange.answer(503, error("Service Unavailable"));
        } else if (misbehaviour instanceof Misbehaviour.Busy busy && first) {
            exchange.request()
                    .response()
                    .putHeader("retry-after", Long.toString(busy.retryAfter().toSeconds()));
            exchange.answer(429, error("You have exceeded a secondary rate limit"));
        } else {
            exchange.answer(200, repository.toJson());
        }
    }

    static void notFound(Exchange exchange) {
        exchange.answer(404, error("Not Found"));
    }

    private static JsonObject error(String message) {
        return new JsonObject().put("message", message).put("documentation_url", DOCUMENTATION);
    }

    private synchronized boolean firstTime(String fullName) {
        return asked.add(fullName);
    }

    private synchronized void rateLimit(HttpServerResponse response) {
        used = Math.min(used + 1, RATE_LIMIT - 1);
        response.putHeader("x-ratelimit-limit", Integer.toString(RATE_LIMIT))
                .putHeader("x-ratelimit-remaining", Integer.toString(RATE_LIMIT - used))
                .putHeader("x-ratelimit-used", Integer.toString(used))
                .putHeader("x-ratelimit-reset", Long.toString(resetAt))
                .putHeader("x-ratelimit-resource", "core");
    }
}
