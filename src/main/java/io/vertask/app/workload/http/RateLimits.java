package io.vertask.app.workload.http;

import io.vertask.app.job.HttpClientConfig;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** The rate limits of an API: how its responses ask all calls to wait. */
interface RateLimits {

    /** The pause that a refusal asks for; empty when waiting would not help. */
    Optional<Duration> afterRefusal(HttpResponse<Buffer> response);

    /** The pause that a good answer asks for. */
    Optional<Duration> afterSuccess(HttpResponse<Buffer> response);

    /** Any server's: {@code Retry-After} of a 429 or 503 (RFC 6585, 4; RFC 9110, 15.6.4). */
    RateLimits PLAIN = new RateLimits() {
        @Override
        public Optional<Duration> afterRefusal(HttpResponse<Buffer> response) {
            boolean asks = response.statusCode() == 429 || response.statusCode() == 503;
            return asks ? RetryAfter.of(response) : Optional.empty();
        }

        @Override
        public Optional<Duration> afterSuccess(HttpResponse<Buffer> response) {
            return Optional.empty();
        }
    };

    static RateLimits of(Optional<HttpClientConfig> client) {
        boolean github = client.map(HttpClientConfig::profile)
                .filter(HttpClientConfig.Profile.GITHUB::equals)
                .isPresent();
        return github ? new GitHubLimits() : PLAIN;
    }
}
