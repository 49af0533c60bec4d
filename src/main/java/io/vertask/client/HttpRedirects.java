package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a redirect goes, and what goes with it.
 *
 * <p>GET and HEAD follow 301, 302, 307 and 308; every method follows 303, with GET. To another origin only
 * {@link #HARMLESS} headers go along: a token may stand in a header of any name. The body of the redirect is read to
 * its end first (a long one is cut), so its connection is free for what follows.
 */
final class HttpRedirects {
    /** The headers that may go to another origin. */
    private static final List<CharSequence> HARMLESS = List.of(
            HttpHeaders.ACCEPT,
            HttpHeaders.ACCEPT_CHARSET,
            HttpHeaders.ACCEPT_ENCODING,
            HttpHeaders.ACCEPT_LANGUAGE,
            HttpHeaders.CACHE_CONTROL,
            HttpHeaders.USER_AGENT);

    /** What was about the body that a GET no longer has. */
    private static final List<CharSequence> ABOUT_THE_BODY = List.of(
            HttpHeaders.CONTENT_ENCODING,
            HttpHeaders.CONTENT_LENGTH,
            HttpHeaders.CONTENT_TYPE,
            HttpHeaders.TRANSFER_ENCODING);

    /** How much of a redirect's own body is read before its connection is given up. */
    private static final int LONGEST_BODY = 64 * 1024;

    private static final Pattern NOT_IN_A_URI = Pattern.compile("(?:[^-\\w.~!$&'()*+,;=:@/?%]|%(?![0-9A-Fa-f]{2}))+");

    private HttpRedirects() {}

    /** Vert.x's redirect handler: the next request, or null when the response is to be taken as it is. */
    static @Nullable Future<RequestOptions> follow(HttpClientResponse response) {
        String location = response.getHeader(HttpHeaders.LOCATION);
        HttpMethod method = response.request().getMethod();
        boolean getAgain = HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
        boolean follows = switch (response.statusCode()) {
            case 301, 302, 307, 308 -> getAgain;
            case 303 -> true;
            default -> false;
        };
        if (location == null || !follows) {
            return null;
        }
        // without a handler Vert.x logs an error for a response that is cut short
        response.exceptionHandler(error -> {});
        URI from = uri(response.request());
        HttpOrigin origin = HttpOrigin.of(from);
        URI to;
        HttpOrigin next;
        try {
            to = resolve(from, URI.create(location));
            next = HttpOrigin.of(to);
        } catch (IllegalArgumentException malformed) {
            next = null;
            to = from;
        }
        if (next == null) {
            return Future.failedFuture(new VertxException(
                    "cannot follow the redirect " + response.statusCode() + " of " + withoutQuery(from)
                            + ": its Location is not a valid http or https URI",
                    true));
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        MultiMap before = response.request().headers();
        if (next.equals(origin)) {
            headers.addAll(before);
            ABOUT_THE_BODY.forEach(headers::remove);
        } else {
            HARMLESS.forEach(name -> before.getAll(name).forEach(value -> headers.add(name, value)));
        }
        String path = to.getRawPath().isEmpty() ? "/" : to.getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(getAgain ? method : HttpMethod.GET)
                .setSsl(next.ssl())
                .setHost(next.host())
                .setPort(next.port())
                .setURI(to.getRawQuery() == null ? path : path + "?" + to.getRawQuery())
                .setHeaders(headers);
        return drained(response).map(options);
    }

    /** That of {@code request}; what stands in it as the user wrote it and no URI may have is encoded. */
    static URI uri(HttpClientRequest request) {
        String written = request.absoluteURI();
        try {
            return new URI(written);
        } catch (URISyntaxException illegal) {
            int path = written.indexOf("://") + 3;
            while (path < written.length() && "/?".indexOf(written.charAt(path)) < 0) {
                path++;
            }
            return URI.create(written.substring(0, path) + encoded(written.substring(path)));
        }
    }

    private static String encoded(String path) {
        return NOT_IN_A_URI
                .matcher(path)
                .replaceAll(found ->
                        URLEncoder.encode(found.group(), StandardCharsets.UTF_8).replace("+", "%20"));
    }

    /** As RFC 3986 has it; {@link URI#resolve} loses the last segment when only the query changes. */
    private static URI resolve(URI base, URI reference) {
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

    private static Future<Void> drained(HttpClientResponse response) {
        ContextInternal context = ContextInternal.current();
        Promise<Void> drained = context.promise();
        int[] length = {0};
        // where it goes is known: that the connection breaks, or is given up, takes nothing away
        response.exceptionHandler(broken -> drained.tryComplete());
        // a turn later, when the connection is back in the pool
        response.endHandler(end -> context.runOnContext(turn -> drained.tryComplete()));
        response.handler(chunk -> {
            length[0] += chunk.length();
            if (length[0] > LONGEST_BODY && !drained.future().isComplete()) {
                response.request().reset(HttpCall.CANCEL);
                drained.tryComplete();
            }
        });
        response.resume();
        return drained.future();
    }

    /** What the request of the user had beside its address goes with it; its server address only within the origin. */
    static void carryOver(RequestOptions before, RequestOptions next, boolean sameOrigin) {
        next.setProxyOptions(before.getProxyOptions());
        next.setTraceOperation(before.getTraceOperation());
        if (before.getTimeout() >= 0) {
            next.setTimeout(before.getTimeout());
        }
        if (before.getConnectTimeout() >= 0) {
            next.setConnectTimeout(before.getConnectTimeout());
        }
        if (before.getIdleTimeout() >= 0) {
            next.setIdleTimeout(before.getIdleTimeout());
        }
        if (sameOrigin) {
            next.setServer(before.getServer());
        }
    }

    static String withoutQuery(URI uri) {
        return HttpOrigin.of(uri) + uri.getRawPath();
    }
}
