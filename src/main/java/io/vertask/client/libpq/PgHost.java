package io.vertask.client.libpq;

import io.netty.util.NetUtil;
import io.vertask.client.libpq.PgSettings.Setting;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.util.Set;

/** The server's address, from {@code host} and {@code hostaddr}, and its name in password files. */
final class PgHost {
    /** The default socket folders of most systems. */
    private static final Set<String> USUAL = Set.of("/tmp", "/var/run/postgresql", "/run/postgresql");

    private PgHost() {}

    /** The host name, the IP address, or the folder of a Unix socket. */
    static String address(PgSettings settings) {
        Setting host = settings.get("host");
        Setting address = settings.get("hostaddr");
        for (String key : new String[] {"host", "hostaddr", "port"}) {
            Setting setting = settings.get(key);
            if (setting != null && setting.value().contains(",")) {
                throw setting.wrong("names several hosts or ports, which is not supported: name one");
            }
        }
        if (address != null) {
            if (!NetUtil.isValidIpV4Address(address.value()) && !NetUtil.isValidIpV6Address(address.value())) {
                throw address.wrong("is not an IP address");
            }
            return address.value();
        }
        if (host != null && host.value().startsWith("@")) {
            throw host.wrong("is an abstract Unix socket, which is not supported: name a folder or a host");
        }
        return host == null ? "localhost" : host.value();
    }

    /** Refuses an IP address where the certificate is checked against a host name. */
    static void checkName(PgConnectOptions options, PgSettings settings) {
        Setting address = settings.get("hostaddr");
        if (address != null && options.getSslMode() == SslMode.VERIFY_FULL) {
            throw address.wrong("is set, and sslmode verify-full needs a name: set PGHOST alone, or use verify-ca");
        }
    }

    /** The host name in the lines of a password file. */
    static String inPasswordFile(PgSettings settings) {
        String name = settings.text("host", settings.text("hostaddr", "localhost"));
        return USUAL.contains(name) ? "localhost" : name;
    }
}
