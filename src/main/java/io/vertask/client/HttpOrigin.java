package io.vertask.client;

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
}
