package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientForm;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The redirect handler of {@link HttpCalls}: applies {@link HttpRedirect} to Vert.x's requests and responses.
 *
 * <p>A response is taken as it is when the content of its request would have to be sent again and can't be: to another
 * origin, or when it was a stream. The body of a redirect is read to its end before the next request (a long one is
 * cut), so that its connection is free again.
 */
final class HttpRedirectHandler {
    /** The most bytes of a redirect's own body that are read before its connection is given up. */
    private static final int LONGEST_BODY = 64 * 1024;

    private static final Pattern NOT_IN_A_URI = Pattern.compile("(?:[^-\\w.~!$&'()*+,;=:@/?%]|%(?![0-9A-Fa-f]{2}))+");

    private HttpRedirectHandler() {}

    /** The next request, or null when the response is to be taken as it is. {@code slots} knows the running calls. */
    static @Nullable Future<RequestOptions> follow(HttpClientResponse response, HttpSlots slots) {
        HttpClientRequest request = response.request();
        String location = response.getHeader(HttpHeaders.LOCATION);
        HttpMethod method = request.getMethod();
        int status = response.statusCode();
        if (location == null || !HttpRedirect.isRedirect(method, status)) {
            return null;
        }
        URI from = uri(request);
        HttpRedirect redirect = HttpRedirect.of(method, from, status, location).orElse(null);
        Object content =
                redirect != null && redirect.sameMethod() && hasContent(request) ? content(request, slots) : null;
        if (content != null && redirect != null && !(redirect.sameOrigin() && isRepeatable(content))) {
            return null;
        }
        // without a handler Vert.x logs an error for a response that is cut short
        response.exceptionHandler(error -> {});
        if (redirect == null) {
            return Future.failedFuture(new VertxException(
                    "cannot follow the redirect " + status + " of " + withoutQuery(from)
                            + ": its Location is not a valid http or https URI",
                    true));
        }
        return drained(response).map(options(redirect, request, content));
    }

    private static RequestOptions options(HttpRedirect redirect, HttpClientRequest before, @Nullable Object content) {
        URI to = redirect.target();
        HttpOrigin origin = HttpOrigin.of(to).orElseThrow();
        return new RequestOptions()
                .setMethod(redirect.method())
                .setSsl(origin.ssl())
                .setHost(origin.host())
                .setPort(origin.port())
                .setURI(to.getRawQuery() == null ? to.getRawPath() : to.getRawPath() + "?" + to.getRawQuery())
                // a form makes its own headers each time it is sent
                .setHeaders(redirect.headers(before.headers(), content instanceof Buffer));
    }

    private static boolean hasContent(HttpClientRequest request) {
        return request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    /** The content that {@code request} sent; the request itself, which is not repeatable, when it is unknown. */
    private static Object content(HttpClientRequest request, HttpSlots slots) {
        HttpCall call = slots.callOf(request);
        Object content = call == null ? null : call.content();
        return content == null ? request : content;
    }

    /** Whether {@code content} can be sent again; null, which is none, can. */
    static boolean isRepeatable(@Nullable Object content) {
        return content == null || content instanceof Buffer || content instanceof ClientForm;
    }

    /**
     * {@code request}, which sends {@code content} when it is told to send nothing: the WebClient forgets a content
     * once it has been sent.
     */
    static HttpClientRequest sending(HttpClientRequest request, Object content) {
        return (HttpClientRequest) Proxy.newProxyInstance(
                HttpClientRequest.class.getClassLoader(),
                new Class<?>[] {HttpClientRequest.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("send") && arguments == null) {
                        return content instanceof ClientForm form ? request.send(form) : request.send((Buffer) content);
                    }
                    try {
                        return method.invoke(request, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /** The URL of {@code request}; characters in it that no URI may have are encoded. */
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

    private static Future<Void> drained(HttpClientResponse response) {
        ContextInternal context = ContextInternal.current();
        Promise<Void> drained = context.promise();
        int[] length = {0};
        // the target is known: nothing is lost when the connection breaks or is given up
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

    /** Copies the user's other request options; the server address only within the origin. */
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

    private static String withoutQuery(URI uri) {
        return HttpOrigin.of(uri).map(HttpOrigin::toString).orElse("") + uri.getRawPath();
    }
}
