package io.vertask.client;

import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port: what a secret was meant for.
 *
 * @param host in lower case
 */
record HttpOrigin(boolean ssl, String host, int port) {
    /** The origin of an absolute {@code http} or {@code https} URI; null when it is none. */
    static @Nullable HttpOrigin of(URI uri) {
        boolean ssl = "https".equalsIgnoreCase(uri.getScheme());
        String authority = uri.getRawAuthority();
        if (authority == null || !(ssl || "http".equalsIgnoreCase(uri.getScheme()))) {
            return null;
        }
        // not URI.getHost: it knows no host with an underscore
        HostAndPort server =
                HostAndPort.parseAuthority(authority.substring(authority.lastIndexOf('@') + 1), ssl ? 443 : 80);
        return server == null ? null : new HttpOrigin(ssl, server.host().toLowerCase(Locale.ROOT), server.port());
    }

    @Override
    public String toString() {
        boolean usual = port == (ssl ? 443 : 80);
        return (ssl ? "https://" : "http://") + host + (usual ? "" : ":" + port);
    }

    /** Where {@code options} lead, without the query, which may hold secrets. */
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
