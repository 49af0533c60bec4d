package io.vertask.client.libpq;

import io.vertask.client.libpq.PgSettings.Setting;
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
 * The TLS options of a connection, by libpq's rules: {@code sslmode}, trusted roots, client certificate, versions.
 *
 * <p>A root certificate that exists is used in every mode, as libpq does it; the host name is checked only with
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

    /** Sets them in {@code options}, whose host is set already. */
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

    /** The roots to trust; null for every certificate. */
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
            throw named.wrong("is " + root + ", which does not exist");
        }
        if (mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL) {
            throw new IllegalArgumentException("sslmode " + words(mode) + " needs a root certificate, and " + root
                    + " does not exist: name a file, or system, with PGSSLROOTCERT or sslrootcert");
        }
        return null;
    }

    private static TrustOptions system() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return TrustOptions.wrap(factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException none) {
            throw new IllegalArgumentException("this Java installation has no root certificates", none);
        }
    }

    private void ownCertificate(ClientSSLOptions tls) {
        Setting named = settings.get("sslcert");
        Path certificate = named == null ? folder.resolve("postgresql.crt") : Path.of(named.value());
        if (!Files.exists(certificate)) {
            if (named != null) {
                throw named.wrong("is " + certificate + ", which does not exist");
            }
            return;
        }
        Path key =
                Path.of(settings.text("sslkey", folder.resolve("postgresql.key").toString()));
        if (!Files.exists(key)) {
            throw new IllegalArgumentException("the certificate " + certificate + " exists, but not its key " + key
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
            throw new IllegalArgumentException("ssl_min_protocol_version and ssl_max_protocol_version allow none of "
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

    /** The mode in libpq's spelling. */
    static String words(SslMode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
