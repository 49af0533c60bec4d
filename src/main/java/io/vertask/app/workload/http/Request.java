package io.vertask.app.workload.http;

import io.vertask.app.job.Headers;
import io.vertask.app.job.yaml.Secret;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request that can be sent, and sent on to where a redirect leads.
 *
 * @param what for messages: {@code GET /repos/acme/gone}
 * @param repeatable whether it may be sent again although it may have taken effect
 */
record Request(
        HttpMethod method, URI url, String what, MultiMap headers, Optional<Buffer> content, boolean repeatable) {

    private static final int MOST_SHOWN = 1_000;

    static Request of(HttpMethod method, URI url, String what, MultiMap headers) {
        boolean repeatable = !method.equals(HttpMethod.POST) && !method.equals(HttpMethod.PATCH);
        return new Request(method, url, what, headers, Optional.empty(), repeatable);
    }

    Request repeatable(boolean other) {
        return new Request(method, url, what, headers, content, other);
    }

    Request content(Buffer other) {
        return new Request(method, url, what, headers, Optional.of(other), repeatable);
    }

    /** Whether it carries what may be a login, the same for every item. */
    boolean hasSecret() {
        return headers.names().stream().anyMatch(Headers::isSecret);
    }

    /** What would be sent, for people: values that may be secrets are hidden. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(what + (what.contains("://") ? "" : " at " + url.getScheme() + "://" + origin()));
        headers.forEach((name, value) -> lines.add(name + ": " + (Headers.isSecret(name) ? Secret.MASK : value)));
        content.ifPresent(bytes -> lines.add(
                bytes.length() > MOST_SHOWN
                        ? bytes.getString(0, MOST_SHOWN) + "… (" + bytes.length() + " bytes)"
                        : bytes.toString()));
        return lines;
    }

    /** For messages: {@code api.github.com} or {@code 127.0.0.1:8080}. */
    String origin() {
        return url.getRawAuthority();
    }
}
