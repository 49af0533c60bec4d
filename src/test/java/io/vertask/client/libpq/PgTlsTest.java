package io.vertask.client.libpq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What libpq's settings of TLS become. */
class PgTlsTest {
    private static final Map<String, String> NOTHING = Map.of("PGPASSFILE", "/nowhere");

    @Test
    void aRootThatIsThereIsTrustedInEveryModeAndOnlyTheFullOneChecksTheHost(@TempDir Path home) throws IOException {
        Path root = Files.writeString(home.resolve("ca.pem"), "");
        for (String mode : List.of("prefer", "require", "verify-ca", "verify-full")) {
            PgConnectOptions it =
                    PgConnect.options("postgresql://h/d?sslmode=" + mode + "&sslrootcert=" + root, NOTHING);
            assertThat(it.getSslMode()).isEqualTo(SslMode.of(mode));
            assertThat(roots(it)).containsExactly(root.toString());
            assertThat(it.getSslOptions().getHostnameVerificationAlgorithm())
                    .isEqualTo(mode.equals("verify-full") ? "HTTPS" : "");
        }
        Files.createDirectories(home.resolve(".postgresql"));
        Path usual = Files.writeString(home.resolve(".postgresql/root.crt"), "");
        assertThat(roots(PgConnect.of("postgresql://h/d?sslmode=verify-ca", NOTHING, home.toString())
                        .options()))
                .containsExactly(usual.toString());
    }

    @Test
    void withoutARootTheVerifyingModesAreRefusedAndTheOthersTrustEverybody(@TempDir Path home) {
        for (String mode : List.of("verify-ca", "verify-full")) {
            assertThatThrownBy(() -> PgConnect.of("postgresql://h/d?sslmode=" + mode, NOTHING, home.toString()))
                    .hasMessage("sslmode " + mode + " needs a root certificate, and " + home
                            + "/.postgresql/root.crt does not exist: name a file, or system, with PGSSLROOTCERT or "
                            + "sslrootcert");
        }
        for (String mode : List.of("allow", "prefer", "require")) {
            PgConnectOptions it = PgConnect.of("postgresql://h/d?sslmode=" + mode, NOTHING, home.toString())
                    .options();
            assertThat(it.getSslOptions().isTrustAll()).isTrue();
        }
        assertThat(PgConnect.options("postgresql://h/d?sslmode=disable", NOTHING)
                        .getSslOptions())
                .isNull();
        assertThat(PgConnect.options("postgresql://h/d?ssl=true", NOTHING).getSslMode())
                .isEqualTo(SslMode.REQUIRE);
        assertThat(PgConnect.options("postgresql://h/d", Map.of("PGREQUIRESSL", "1"))
                        .getSslMode())
                .isEqualTo(SslMode.REQUIRE);
    }

    @Test
    void theSystemsRootsNeedTheFullCheck() {
        PgConnectOptions it = PgConnect.options("postgresql://h/d?sslrootcert=system", NOTHING);
        assertThat(it.getSslMode()).isEqualTo(SslMode.VERIFY_FULL);
        assertThat(it.getSslOptions().getTrustOptions()).isNotNull();
        assertThatThrownBy(() -> PgConnect.options("postgresql://h/d?sslrootcert=system&sslmode=require", NOTHING))
                .hasMessage("the URI's sslmode is too weak for the system's root certificates: it must be verify-full");
    }

    @Test
    void theVersionsOfTlsAreThoseBetweenTheTwoLimits() {
        assertThat(versions(Map.of())).containsExactly("TLSv1.2", "TLSv1.3");
        assertThat(versions(Map.of("PGSSLMINPROTOCOLVERSION", "TLSv1.3"))).containsExactly("TLSv1.3");
        assertThat(versions(Map.of("PGSSLMAXPROTOCOLVERSION", "TLSv1.2"))).containsExactly("TLSv1.2");
        assertThatThrownBy(() ->
                        versions(Map.of("PGSSLMINPROTOCOLVERSION", "TLSv1", "PGSSLMAXPROTOCOLVERSION", "TLSv1.1")))
                .hasMessageContaining("allow none of TLSv1.2 TLSv1.3");
    }

    private static Set<String> versions(Map<String, String> environment) {
        return PgConnect.options("postgresql://h/d", environment)
                .getSslOptions()
                .getEnabledSecureTransportProtocols();
    }

    @Test
    void onesOwnCertificateNeedsItsKeyWhichNobodyElseReads(@TempDir Path home) throws IOException {
        Path certificate = Files.writeString(home.resolve("own.crt"), "");
        Map<String, String> environment = Map.of(
                "PGSSLCERT",
                certificate.toString(),
                "PGSSLKEY",
                home.resolve("own.key").toString());
        assertThatThrownBy(() -> PgConnect.options("", environment)).hasMessageContaining("but not its key");
        Path key = Files.writeString(home.resolve("own.key"), "");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw----r--"));
        assertThatThrownBy(() -> PgConnect.options("", environment)).hasMessageContaining("chmod 600 it");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        PemKeyCertOptions own = (PemKeyCertOptions)
                PgConnect.options("", environment).getSslOptions().getKeyCertOptions();
        assertThat(own.getCertPaths()).containsExactly(certificate.toString());
        assertThat(own.getKeyPaths()).containsExactly(key.toString());
    }

    private static List<String> roots(PgConnectOptions options) {
        return ((PemTrustOptions) options.getSslOptions().getTrustOptions()).getCertPaths();
    }
}
