package io.vertask.app.workload.http;

import io.vertask.app.job.Headers;
import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.job.HttpClientConfig.Profile;
import io.vertask.app.job.HttpStep;
import io.vertask.app.job.Version;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateException;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.yaml.Secret;
import io.vertask.app.workload.CallFailure;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns an item into its request: where to, with which headers and content. */
final class Requests {
    private static final String USER_AGENT = "vertask/" + Version.TEXT + " (+https://github.com/vertask)";

    private final Optional<HttpClientConfig> client;

    /** {@code client}: empty when every target is an absolute URL. */
    Requests(Optional<HttpClientConfig> client) {
        this.client = client;
    }

    /** For the step of one item. */
    Request of(HttpStep step, TemplateScope item) {
        String shown = shown(step.target().shown(item));
        URI url = url(step.target().render(item), shown);
        Request plain = plain(step.method(), url, step.method() + " " + shown).repeatable(step.isRepeatable());
        boolean home = client.isEmpty() || isHome(url);
        for (Headers.Header header : step.headers().all()) {
            // as with the token: one that may be a secret is for the client's own origin
            if (home || !header.isSecret()) {
                put(plain.headers(), header.name(), header.value().render(item));
            }
        }
        if (step.content().isEmpty()) {
            return plain;
        }
        if (!plain.headers().contains("Content-Type")) {
            plain.headers().set("Content-Type", step.content().get().type());
        }
        return plain.content(Buffer.buffer(step.content().get().render(item)));
    }

    /** {@code target}: a path below the client's URL, or an absolute URL. */
    Request of(HttpMethod method, String target) {
        return plain(method, url(target, shown(target)), method + " " + shown(target));
    }

    private Request plain(HttpMethod method, URI url, String what) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        headers.set("User-Agent", USER_AGENT);
        client.ifPresent(config -> addHeaders(headers, config, url));
        return Request.of(method, url, what, headers);
    }

    private static void put(MultiMap headers, String name, String value) {
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c > '~')) {
            throw CallFailure.lasting(
                    "template", "header " + name + ": a value has printable ASCII characters and no line breaks");
        }
        if (!value.isEmpty()) {
            headers.set(name, value);
        }
    }

    /** The whole of it; fails with a {@link CallFailure} when it is not a URL. */
    URI url(String target) {
        return url(target, shown(target));
    }

    private URI url(String target, String shown) {
        boolean absolute = target.startsWith("http://") || target.startsWith("https://");
        if (!absolute && client.isEmpty()) {
            throw CallFailure.lasting(
                    "url", "'" + shown + "' is not an absolute URL; write http://… or name a `client`");
        }
        String base = absolute ? "" : client.get().url().toString().replaceFirst("/+$", "");
        try {
            URI url = new URI(base + target);
            if (url.getHost() == null || url.getPort() > 65_535) {
                throw CallFailure.lasting("url", "'" + shown + "' has no host or a port that can't be");
            }
            if (url.getRawUserInfo() != null) {
                // RFC 9110, 4.2.4: such a URL is an error, for it is mostly made to deceive
                throw CallFailure.lasting(
                        "url", "'" + shown + "' has a user and password; a secret belongs into `headers`");
            }
            return url;
        } catch (URISyntaxException e) {
            throw CallFailure.lasting("url", "'" + shown + "' is not a URL: " + e.getReason());
        }
    }

    private void addHeaders(MultiMap headers, HttpClientConfig config, URI url) {
        if (config.profile() == Profile.GITHUB) {
            headers.set("Accept", "application/vnd.github+json").set("X-GitHub-Api-Version", "2022-11-28");
        }
        // what the client was given is for its own origin, never for another one that an item may name
        if (isHome(url)) {
            if (!config.token().isEmpty()) {
                headers.set("Authorization", "Bearer " + config.token().reveal());
            }
            config.headers().forEach((name, value) -> put(headers, name, value.reveal()));
        }
    }

    /** Whether {@code url} is at the client's own origin. */
    boolean isHome(URI url) {
        return client.isPresent() && origin(url).equals(origin(client.get().url()));
    }

    /** The origin that an item of a job without a client calls; empty with one, or when it makes no URL. */
    String site(Template target, TemplateScope item) {
        if (client.isPresent()) {
            return "";
        }
        try {
            return origin(url(target.render(item)));
        } catch (CallFailure | TemplateException noUrl) {
            return "";
        }
    }

    Optional<HttpClientConfig> client() {
        return client;
    }

    /** {@code text}, which the server wrote, without what it knows from us alone. */
    String masked(String text) {
        String masked = text;
        if (client.isPresent()) {
            masked = masked(masked, client.get().token());
            for (Secret header : client.get().headers().values()) {
                masked = masked(masked, header);
            }
        }
        return masked;
    }

    private static String masked(String text, Secret secret) {
        return secret.isEmpty() ? text : text.replace(secret.reveal(), Secret.MASK);
    }

    /** Scheme, host and port, by which origins are compared. */
    static String origin(URI url) {
        @Nullable String scheme = url.getScheme();
        int port = url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(scheme) ? 443 : 80;
        return (scheme + "://" + url.getHost() + ":" + port).toLowerCase(Locale.ROOT);
    }

    /** As messages show it: no user and password, nothing that a terminal obeys, not without end. */
    static String shown(String url) {
        String safe = url.replaceAll("(?<=//)[^/?#]*@", Secret.MASK + "@").replaceAll("\\p{Cntrl}", "\uFFFD");
        return safe.length() <= 300 ? safe : safe.substring(0, 300) + "…";
    }
}
