package io.vertask.client;

import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The origin of a URL: scheme, host and port. A secret that was given for one origin must not go to another.
 *
 * <p>{@code HttpOrigin.of(URI.create("https://api.example/v1"))} prints as {@code https://api.example}. Hosts with an
 * underscore are hosts, although {@link URI#getHost} does not know them.
 *
 * @param host in lower case
 */
public record HttpOrigin(boolean ssl, String host, int port) {
    /** Checks that nothing is null. */
    public HttpOrigin {
        Objects.requireNonNull(host, "HttpOrigin: host is null");
    }

    /** The origin of an absolute {@code http} or {@code https} URL; empty when it has no host, or no possible port. */
    public static Optional<HttpOrigin> of(URI url) {
        Objects.requireNonNull(url, "HttpOrigin.of: url is null");
        boolean ssl = "https".equalsIgnoreCase(url.getScheme());
        String authority = url.getRawAuthority();
        if (authority == null || !(ssl || "http".equalsIgnoreCase(url.getScheme()))) {
            return Optional.empty();
        }
        String server = authority.substring(authority.lastIndexOf('@') + 1);
        // Vert.x would read an empty port as 0
        String named = server.endsWith(":") ? server.substring(0, server.length() - 1) : server;
        HostAndPort parsed = HostAndPort.parseAuthority(named, ssl ? 443 : 80);
        return parsed == null || parsed.host().isEmpty()
                ? Optional.empty()
                : Optional.of(new HttpOrigin(ssl, parsed.host().toLowerCase(Locale.ROOT), parsed.port()));
    }

    /** The origin as a URL without a path; the scheme's default port is left out. */
    @Override
    public String toString() {
        boolean usual = port == (ssl ? 443 : 80);
        return (ssl ? "https://" : "http://") + host + (usual ? "" : ":" + port);
    }

    /** The URL of {@code options} without its query, which may hold secrets. */
    static String withoutQuery(RequestOptions options) {
        String host = options.getHost();
        Integer port = options.getPort();
        boolean ssl = Boolean.TRUE.equals(options.isSsl());
        String uri = options.getURI();
        int query = uri.indexOf('?');
        return new HttpOrigin(ssl, host == null ? "" : host, port == null ? (ssl ? 443 : 80) : port)
                + (query < 0 ? uri : uri.substring(0, query));
    }
}
