package io.vertask.app.workload.http;

import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.job.HttpClientConfig.Profile;
import io.vertask.app.job.HttpStep;
import io.vertask.app.job.Scope;
import io.vertask.app.workload.CallFailure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns an item into its request: where to, with which headers. */
final class Requests {
    private static final String USER_AGENT = "vertask/0.1 (+https://github.com/vertask)";

    private final Optional<HttpClientConfig> client;

    /** {@code client}: empty when every target is an absolute URL. */
    Requests(Optional<HttpClientConfig> client) {
        this.client = client;
    }

    /**
     * A request that can be sent.
     *
     * @param what for messages: {@code GET /repos/acme/gone}
     * @param origin for messages: {@code api.github.com} or {@code 127.0.0.1:8080}
     */
    record Prepared(HttpRequest<Buffer> request, URI url, String what, String origin) {}

    /** For the step of one item. */
    Prepared prepare(WebClient web, HttpStep step, Scope item) {
        return prepare(web, step.method(), step.target().render(item));
    }

    /** {@code target}: a path below the client's URL, or an absolute URL. */
    Prepared prepare(WebClient web, HttpMethod method, String target) {
        String what = method + " " + target;
        URI url = url(target);
        HttpRequest<Buffer> request =
                web.requestAbs(method, url.toASCIIString()).putHeader("User-Agent", USER_AGENT);
        client.ifPresent(config -> addHeaders(request, config, url));
        return new Prepared(request, url, what, url.getRawAuthority());
    }

    /** The whole of it; fails with a {@link CallFailure} when it is not a URL. */
    URI url(String target) {
        boolean absolute = target.startsWith("http://") || target.startsWith("https://");
        if (!absolute && client.isEmpty()) {
            throw CallFailure.lasting(
                    "url", "'" + target + "' is not an absolute URL; write http://… or name a `client`");
        }
        String base = absolute ? "" : client.get().url().toString().replaceFirst("/+$", "");
        try {
            URI url = new URI(base + target);
            if (url.getHost() != null) {
                return url;
            }
            throw CallFailure.lasting("url", "'" + target + "' has no host");
        } catch (URISyntaxException e) {
            throw CallFailure.lasting("url", "'" + target + "' is not a URL: " + e.getReason());
        }
    }

    private static void addHeaders(HttpRequest<Buffer> request, HttpClientConfig config, URI url) {
        if (config.profile() == Profile.GITHUB) {
            request.putHeader("Accept", "application/vnd.github+json").putHeader("X-GitHub-Api-Version", "2022-11-28");
        }
        // the token is for the client's own origin, never for another one that an item may name
        if (!config.token().isEmpty() && origin(url).equals(origin(config.url()))) {
            request.putHeader("Authorization", "Bearer " + config.token().reveal());
        }
    }

    /** Scheme, host and port, by which origins are compared. */
    static String origin(URI url) {
        @Nullable String scheme = url.getScheme();
        int port = url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(scheme) ? 443 : 80;
        return (scheme + "://" + url.getHost() + ":" + port).toLowerCase(Locale.ROOT);
    }
}
