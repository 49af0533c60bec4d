package io.vertask.app.workload.http;

import io.vertask.app.workload.CallFailure;
import io.vertask.client.HttpRedirect;
import io.vertask.client.Phase;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The redirects that one attempt has followed, by the rules of {@link HttpRedirect}.
 *
 * <p>A circle is refused, and so are more than five: a job keeps no cookies, so a URL that redirects once redirects
 * always. Content that would have to go to another origin is refused too.
 */
final class Redirects {
    static final int MOST = 5;

    private final Set<String> seen = new LinkedHashSet<>();

    /** The same redirects; both can be gone on from. */
    Redirects copy() {
        Redirects copy = new Redirects();
        copy.seen.addAll(seen);
        return copy;
    }

    /** The request that follows {@code from}; fails with a {@link CallFailure} when there can be none. */
    Request follow(Request from, int status, String location) {
        HttpRedirect redirect = HttpRedirect.of(from.method(), from.url(), status, location)
                .orElseThrow(() -> failure("has a Location that is not an http or https URL", from, status));
        URI to = redirect.target();
        seen.add(from.method() + " " + from.url());
        if (seen.contains(redirect.method() + " " + to)) {
            throw failure("goes in a circle: back to " + shown(to), from, status);
        }
        if (seen.size() > MOST) {
            throw failure("is one too many after " + MOST + "; it leads to " + shown(to), from, status);
        }
        boolean keepsContent = redirect.sameMethod() && from.content().isPresent();
        if (keepsContent && !redirect.sameOrigin()) {
            throw failure("leads to another origin, where the content must not go: " + shown(to), from, status);
        }
        return Request.of(redirect.method(), to, from.what(), redirect.headers(from.headers(), keepsContent))
                .content(keepsContent ? from.content() : Optional.empty())
                .repeatable(from.repeatable());
    }

    /** Without its query, which may hold secrets. */
    private static String shown(URI url) {
        return ItemRequests.shown(url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath());
    }

    private static CallFailure failure(String why, Request from, int status) {
        return CallFailure.lasting("redirect", "the redirect " + status + " " + why + " (" + from.what() + ")")
                .status(status)
                .kind("redirect", Phase.RESPONSE);
    }
}
