package io.vertask.app.workload.http;

import io.vertask.app.job.Headers;
import io.vertask.app.job.yaml.Secret;
import io.vertask.client.HttpOrigin;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request that can be sent, and sent on to the target of a redirect.
 *
 * @param origin of {@code url}
 * @param what for messages: {@code GET /repos/acme/gone}
 * @param repeatable whether it may be sent again although it may have taken effect
 */
record Request(
        HttpMethod method,
        URI url,
        HttpOrigin origin,
        String what,
        MultiMap headers,
        Optional<Buffer> content,
        boolean repeatable) {

    private static final int MOST_SHOWN = 1_000;

    static Request of(HttpMethod method, URI url, String what, MultiMap headers) {
        boolean repeatable = !method.equals(HttpMethod.POST) && !method.equals(HttpMethod.PATCH);
        HttpOrigin origin = HttpOrigin.of(url).orElseThrow(() -> new IllegalArgumentException(url + " has no host"));
        return new Request(method, url, origin, what, headers, Optional.empty(), repeatable);
    }

    Request repeatable(boolean other) {
        return new Request(method, url, origin, what, headers, content, other);
    }

    Request content(Optional<Buffer> other) {
        return new Request(method, url, origin, what, headers, other, repeatable);
    }

    /** Whether one of its headers may be a login, which is the same for every item. */
    boolean hasSecret() {
        return headers.names().stream().anyMatch(Headers::isSecret);
    }

    /** The request in lines for people; values that may be secrets are hidden. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(what + (what.contains("://") ? "" : " at " + url.getScheme() + "://" + authority()));
        headers.forEach((name, value) -> lines.add(name + ": " + (Headers.isSecret(name) ? Secret.MASK : value)));
        content.ifPresent(bytes -> lines.add(
                bytes.length() > MOST_SHOWN
                        ? bytes.getString(0, MOST_SHOWN) + "… (" + bytes.length() + " bytes)"
                        : bytes.toString()));
        return lines;
    }

    /** For messages: {@code api.github.com} or {@code 127.0.0.1:8080}. */
    String authority() {
        return url.getRawAuthority();
    }
}
