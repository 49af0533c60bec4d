package io.vertask.client;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One redirect (RFC 9110, 15.4): its target, the method, and the headers and content to send.
 *
 * <p>GET and HEAD follow 301, 302, 303, 307 and 308. Every other method follows 307 and 308 with the same method and
 * content, and 303 with a GET. It does not follow 301 and 302: browsers turn the request into a GET then, which would
 * lose its content.
 *
 * <p>To another origin only harmless headers go ({@code Accept}, {@code User-Agent} and the like): a secret may stand
 * in a header of any name. Content must never go to another origin; {@link #sameOrigin} tells.
 *
 * @param target the absolute URL that the redirect leads to, without user, password and fragment
 * @param sameMethod whether the redirected request has its method and its content still
 * @param sameOrigin whether the target has the origin of the redirected request
 */
public record HttpRedirect(HttpMethod method, URI target, boolean sameMethod, boolean sameOrigin) {
    /** Checks that nothing is null. */
    public HttpRedirect {
        Objects.requireNonNull(method, "HttpRedirect: method is null");
        Objects.requireNonNull(target, "HttpRedirect: target is null");
    }

    private static final List<CharSequence> HARMLESS = List.of(
            HttpHeaders.ACCEPT,
            HttpHeaders.ACCEPT_CHARSET,
            HttpHeaders.ACCEPT_ENCODING,
            HttpHeaders.ACCEPT_LANGUAGE,
            HttpHeaders.CACHE_CONTROL,
            HttpHeaders.USER_AGENT);

    /** The headers about the content (RFC 9110, 15.4) and its framing. */
    private static final List<CharSequence> ABOUT_THE_CONTENT = List.of(
            HttpHeaders.CONTENT_ENCODING,
            "content-language",
            HttpHeaders.CONTENT_LENGTH,
            HttpHeaders.CONTENT_LOCATION,
            HttpHeaders.CONTENT_TYPE,
            "digest",
            HttpHeaders.LAST_MODIFIED,
            HttpHeaders.TRANSFER_ENCODING);

    private static final String NOT_IN_A_URL = "\"<>\\^`{|}";

    /** Whether a response with {@code status} redirects a request of {@code method}. */
    public static boolean isRedirect(HttpMethod method, int status) {
        Objects.requireNonNull(method, "HttpRedirect.isRedirect: method is null");
        return switch (status) {
            case 301, 302 -> reads(method);
            case 303, 307, 308 -> true;
            default -> false;
        };
    }

    private static boolean reads(HttpMethod method) {
        return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
    }

    /**
     * The redirect of a request of {@code method} to {@code from}; empty when {@code location} does not lead to an http
     * or https URL.
     *
     * @param status one that {@link #isRedirect}
     * @param location the header as the server wrote it; characters that no URL may have are encoded, as browsers do
     */
    public static Optional<HttpRedirect> of(HttpMethod method, URI from, int status, String location) {
        Objects.requireNonNull(method, "HttpRedirect.of: method is null");
        Objects.requireNonNull(from, "HttpRedirect.of: from is null");
        Objects.requireNonNull(location, "HttpRedirect.of: location is null");
        URI target;
        Optional<HttpOrigin> origin;
        try {
            target = resolve(from, new URI(encoded(location)));
            origin = HttpOrigin.of(target);
            if (origin.isEmpty()) {
                return Optional.empty();
            }
            target = new URI(bare(target));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
        HttpMethod next = status == 303 && !reads(method) ? HttpMethod.GET : method;
        return Optional.of(new HttpRedirect(next, target, next.equals(method), origin.equals(HttpOrigin.of(from))));
    }

    /**
     * The headers of {@code before} that go along: all within the origin, the harmless ones to another.
     *
     * @param withContent whether the headers about the content go along
     */
    public MultiMap headers(MultiMap before, boolean withContent) {
        Objects.requireNonNull(before, "HttpRedirect.headers: before is null");
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (!sameOrigin) {
            HARMLESS.forEach(name -> before.getAll(name).forEach(value -> headers.add(name, value)));
            return headers;
        }
        headers.addAll(before);
        if (!withContent) {
            ABOUT_THE_CONTENT.forEach(headers::remove);
        }
        return headers;
    }

    /**
     * {@code reference} seen from {@code base} (RFC 3986, 5.2). {@link URI#resolve} is wrong when its path is empty.
     */
    public static URI resolve(URI base, URI reference) {
        Objects.requireNonNull(base, "HttpRedirect.resolve: base is null");
        Objects.requireNonNull(reference, "HttpRedirect.resolve: reference is null");
        URI from = base.getRawPath().isEmpty() ? base.resolve("/") : base;
        boolean samePath = !reference.isAbsolute()
                && reference.getRawAuthority() == null
                && reference.getRawPath().isEmpty();
        if (!samePath) {
            return from.resolve(reference);
        }
        String query = reference.getRawQuery() != null ? reference.getRawQuery() : from.getRawQuery();
        return from.resolve(query == null ? from.getRawPath() : from.getRawPath() + "?" + query);
    }

    private static String bare(URI url) {
        String authority = url.getRawAuthority();
        return url.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1)
                + (url.getRawPath().isEmpty() ? "/" : url.getRawPath())
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    }

    /** Encodes the header byte by byte, because it was read as ISO 8859-1. */
    private static String encoded(String location) {
        StringBuilder text = new StringBuilder();
        for (byte one : location.strip().getBytes(StandardCharsets.ISO_8859_1)) {
            char c = (char) (one & 0xFF);
            boolean allowed = c > ' ' && c <= '~' && NOT_IN_A_URL.indexOf(c) < 0;
            text.append(allowed ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return text.toString();
    }
}
