package io.vertask.client;

import io.vertask.client.PgSettings.Setting;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a connection, as libpq decides it: {@code sslmode}, whom to trust, one's own certificate, the versions.
 *
 * <p>A root certificate that is there is checked against in every mode, as libpq does it; the host's name only with
 * {@code verify-full}.
 */
final class PgTls {
    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");
    private static final List<String> ALL_VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    private final PgSettings settings;
    private final Path folder;

    private PgTls(PgSettings settings, Path folder) {
        this.settings = settings;
        this.folder = folder;
    }

    /** Says it to {@code options}, whose host is known. */
    static void apply(PgConnectOptions options, PgSettings settings, String home) {
        new PgTls(settings, Path.of(home, ".postgresql")).apply(options);
    }

    private void apply(PgConnectOptions options) {
        SslMode mode = mode();
        options.setSslMode(options.isUsingDomainSocket() ? SslMode.DISABLE : mode);
        if (options.getSslMode() == SslMode.DISABLE) {
            return;
        }
        ClientSSLOptions tls = new ClientSSLOptions()
                .setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "")
                .setEnabledSecureTransportProtocols(versions());
        TrustOptions trusted = trusted(mode);
        if (trusted == null) {
            tls.setTrustAll(true);
        } else {
            tls.setTrustOptions(trusted);
        }
        ownCertificate(tls);
        options.setSslOptions(tls);
    }

    private SslMode mode() {
        Setting setting = settings.get("sslmode");
        if (setting == null) {
            return isSystem()
                    ? SslMode.VERIFY_FULL
                    : settings.text("requiressl", "").startsWith("1") ? SslMode.REQUIRE : SslMode.PREFER;
        }
        SslMode mode;
        try {
            mode = SslMode.of(setting.value().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw setting.wrong(
                    "is '" + setting.value() + "'; it is disable, allow, prefer, require, verify-ca or verify-full");
        }
        if (isSystem() && mode != SslMode.VERIFY_FULL) {
            throw setting.wrong("is too weak for the system's root certificates: it must be verify-full");
        }
        return mode;
    }

    private boolean isSystem() {
        return settings.text("sslrootcert", "").equals("system");
    }

    /** Null: everybody. */
    private @Nullable TrustOptions trusted(SslMode mode) {
        if (isSystem()) {
            return system();
        }
        Setting named = settings.get("sslrootcert");
        Path root = named == null ? folder.resolve("root.crt") : Path.of(named.value());
        if (Files.exists(root)) {
            return new PemTrustOptions().addCertPath(root.toString());
        }
        if (named != null) {
            throw named.wrong("is " + root + ", which is not there");
        }
        if (mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL) {
            throw new IllegalArgumentException("sslmode " + words(mode) + " needs a root certificate, and " + root
                    + " is not there: name a file, or system, with PGSSLROOTCERT or sslrootcert");
        }
        return null;
    }

    private static TrustOptions system() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return TrustOptions.wrap(factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException none) {
            throw new IllegalArgumentException("this Java has no root certificates of its own", none);
        }
    }

    private void ownCertificate(ClientSSLOptions tls) {
        Setting named = settings.get("sslcert");
        Path certificate = named == null ? folder.resolve("postgresql.crt") : Path.of(named.value());
        if (!Files.exists(certificate)) {
            if (named != null) {
                throw named.wrong("is " + certificate + ", which is not there");
            }
            return;
        }
        Path key =
                Path.of(settings.text("sslkey", folder.resolve("postgresql.key").toString()));
        if (!Files.exists(key)) {
            throw new IllegalArgumentException("the certificate " + certificate + " is there, but not its key " + key
                    + "; PGSSLKEY or sslkey names it");
        }
        if (!PgPassFile.isPrivate(key, true)) {
            throw new IllegalArgumentException("the private key " + key + " can be read by others: chmod 600 it");
        }
        tls.setKeyCertOptions(
                new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString()));
    }

    private Set<String> versions() {
        int least = version("ssl_min_protocol_version", "TLSv1.2");
        int most = version("ssl_max_protocol_version", "TLSv1.3");
        Set<String> versions = new LinkedHashSet<>(ALL_VERSIONS.subList(least, Math.max(least, most + 1)));
        versions.retainAll(VERSIONS);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("ssl_min_protocol_version and ssl_max_protocol_version leave none of "
                    + String.join(" ", VERSIONS));
        }
        return versions;
    }

    private int version(String key, String otherwise) {
        String value = settings.text(key, otherwise);
        for (int i = 0; i < ALL_VERSIONS.size(); i++) {
            if (ALL_VERSIONS.get(i).equalsIgnoreCase(value)) {
                return i;
            }
        }
        Setting setting = settings.get(key);
        throw (setting == null ? new Setting(key, value) : setting)
                .wrong("is '" + value + "'; it is one of " + String.join(" ", ALL_VERSIONS));
    }

    /** As libpq writes it. */
    static String words(SslMode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
