package io.vertask.app.workload.http;

import io.vertask.app.workload.CallFailure;
import io.vertask.client.Phase;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the redirects of one attempt lead.
 *
 * <p>GET and HEAD follow 301, 302, 307 and 308; the others follow 307 and 308 with the same method and content, and 303
 * with GET. A 301 or 302 that answers them is what it is: browsers make a GET of it, which would be a loss here. To
 * another origin (scheme, host, port) only {@link #HARMLESS} headers go, and no content: a secret may have any name.
 */
final class Redirects {
    /** One more is the end of it. */
    static final int MOST = 5;

    /** The headers that may go to another origin. */
    private static final List<String> HARMLESS =
            List.of("Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Cache-Control", "User-Agent");

    private static final List<String> ABOUT_THE_CONTENT = List.of(
            "Content-Type", "Content-Encoding", "Content-Language", "Content-Location", "Digest", "Last-Modified");

    private final Set<String> seen = new LinkedHashSet<>();

    /** The same way so far, to be gone on from more than once. */
    Redirects copy() {
        Redirects copy = new Redirects();
        copy.seen.addAll(seen);
        return copy;
    }

    /** Whether {@code status} sends a request of {@code method} elsewhere. */
    static boolean isRedirect(HttpMethod method, int status) {
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        return switch (status) {
            case 301, 302 -> reads;
            case 303, 307, 308 -> true;
            default -> false;
        };
    }

    /** The request that follows {@code from}; fails with a {@link CallFailure} when there can be none. */
    Request follow(Request from, int status, String location) {
        URI to = target(from, status, location);
        seen.add(from.method() + " " + from.url());
        HttpMethod method = status == 303 && !from.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : from.method();
        if (seen.contains(method + " " + to)) {
            throw failure("goes in a circle: back to " + shown(to), from, status);
        }
        if (seen.size() > MOST) {
            throw failure("is one too many after " + MOST + "; it leads to " + shown(to), from, status);
        }
        boolean home = Requests.origin(to).equals(Requests.origin(from.url()));
        boolean keepsContent = method.equals(from.method()) && from.content().isPresent();
        if (keepsContent && !home) {
            throw failure("leads to another origin, where the content must not go: " + shown(to), from, status);
        }
        MultiMap headers = headers(from.headers(), home);
        if (!keepsContent) {
            ABOUT_THE_CONTENT.forEach(headers::remove);
        }
        return new Request(
                method, to, from.what(), headers, keepsContent ? from.content() : Optional.empty(), from.repeatable());
    }

    private static MultiMap headers(MultiMap from, boolean all) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (all) {
            return headers.addAll(from);
        }
        HARMLESS.forEach(name -> from.getAll(name).forEach(value -> headers.add(name, value)));
        return headers;
    }

    private static URI target(Request from, int status, String location) {
        try {
            URI to = resolve(from.url(), new URI(encoded(location)));
            boolean http = "http".equalsIgnoreCase(to.getScheme()) || "https".equalsIgnoreCase(to.getScheme());
            if (http && to.getHost() != null && to.getPort() <= 65_535) {
                // without a user, a password and the fragment
                return new URI(to.getScheme() + "://" + to.getHost() + (to.getPort() < 0 ? "" : ":" + to.getPort())
                        + (to.getRawPath().isEmpty() ? "/" : to.getRawPath())
                        + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery()));
            }
        } catch (java.net.URISyntaxException malformed) {
            // said below, like a target that is not HTTP
        }
        throw failure("has a Location that is not an http or https URL", from, status);
    }

    /** As RFC 3986 has it; {@link URI#resolve} loses the last segment when only the query changes. */
    static URI resolve(URI base, URI reference) throws java.net.URISyntaxException {
        URI from = base.getRawPath().isEmpty() ? base.resolve("/") : base;
        boolean samePath = !reference.isAbsolute()
                && reference.getRawAuthority() == null
                && reference.getRawPath() != null
                && reference.getRawPath().isEmpty();
        if (!samePath) {
            return from.resolve(reference);
        }
        @Nullable String query = reference.getRawQuery() != null ? reference.getRawQuery() : from.getRawQuery();
        return from.resolve(query == null ? from.getRawPath() : from.getRawPath() + "?" + query);
    }

    /** Servers write what may not stand in a URL; browsers encode it, byte for byte as it came. */
    private static String encoded(String location) {
        StringBuilder text = new StringBuilder();
        for (byte one : location.strip().getBytes(StandardCharsets.ISO_8859_1)) {
            char c = (char) (one & 0xFF);
            boolean allowed = c > ' ' && c <= '~' && "\"<>\\^`{|}".indexOf(c) < 0;
            text.append(allowed ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return text.toString();
    }

    /** Without its query, which may hold secrets. */
    private static String shown(URI url) {
        return Requests.shown(url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath());
    }

    private static CallFailure failure(String why, Request from, int status) {
        return CallFailure.lasting("redirect", "the redirect " + status + " " + why + " (" + from.what() + ")")
                .status(status)
                .kind("redirect", Phase.RESPONSE);
    }
}
