package io.vertask.client.libpq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgConnectTest {
    private static final Map<String, String> NOTHING = Map.of("PGPASSFILE", "/nowhere");

    @Test
    void aUriSaysEverything() {
        PgConnectOptions it = PgConnect.options(
                "postgresql://app%40x:p%2Fw%3A%25+1@db.example:5433/shop%20two?sslmode=require&application_name=job%201",
                NOTHING);
        assertThat(it.getUser()).isEqualTo("app@x");
        assertThat(it.getPassword()).isEqualTo("p/w:%+1");
        assertThat(it.getHost()).isEqualTo("db.example");
        assertThat(it.getPort()).isEqualTo(5433);
        assertThat(it.getDatabase()).isEqualTo("shop two");
        assertThat(it.getSslMode()).isEqualTo(SslMode.REQUIRE);
        assertThat(it.getProperties()).containsEntry("application_name", "job 1");
    }

    @Test
    void aShortUriAndAnAddressInBrackets() {
        PgConnectOptions it = PgConnect.options("postgres://[::1]:6000", NOTHING);
        assertThat(it.getHost()).isEqualTo("::1");
        assertThat(it.getPort()).isEqualTo(6000);
        assertThat(it.getUser()).isEqualTo(System.getProperty("user.name"));
        assertThat(it.getDatabase()).isEqualTo(it.getUser());
    }

    @Test
    void withoutAUriTheEnvironmentSaysIt() {
        PgConnect it = PgConnect.of(
                "",
                Map.of(
                        "PGHOST",
                        "h",
                        "PGPORT",
                        "6543",
                        "PGUSER",
                        "u",
                        "PGPASSWORD",
                        "secret",
                        "PGSSLMODE",
                        "disable",
                        "PGAPPNAME",
                        "a",
                        "PGCONNECT_TIMEOUT",
                        "7",
                        "PGOPTIONS",
                        "-c work_mem=8MB"));
        assertThat(it).hasToString("postgresql://u@h:6543/u?sslmode=disable");
        assertThat(it.options().getPassword()).isEqualTo("secret");
        assertThat(it.connectTimeoutSeconds()).isEqualTo(7);
        assertThat(it.options().getProperties())
                .containsEntry("application_name", "a")
                .containsEntry("options", "-c work_mem=8MB");
    }

    @Test
    void withNothingItIsTheOwnDatabaseOnThisMachine() {
        PgConnect it = PgConnect.of(" ", NOTHING);
        String me = System.getProperty("user.name");
        assertThat(it).hasToString("postgresql://" + me + "@localhost:5432/" + me + "?sslmode=prefer");
        assertThat(it.options().getPassword()).isEmpty();
    }

    @Test
    void theUriGoesBeforeTheEnvironment() {
        PgConnectOptions it = PgConnect.options(
                "postgresql://u@/d?host=other", Map.of("PGHOST", "h", "PGUSER", "x", "PGDATABASE", "y", "PGPORT", "1"));
        assertThat(it.getHost()).isEqualTo("other");
        assertThat(it.getUser()).isEqualTo("u");
        assertThat(it.getDatabase()).isEqualTo("d");
        assertThat(it.getPort()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u:hunter2",
                "postgresql://u:hunter2:x@h:port/d",
                "postgresql://u:hun/ter2@h/d",
                "postgresql://u:hun?ter2@h/d",
                "postgresql://u:hun@ter2@h/d",
                "postgresql://u:hun%ter2@h/d",
                "mysql://u:hunter2@h/d",
                "u:hunter2@h/d",
                "postgresql://u:hunter2@h/d?sslmode=maybe",
                "postgresql://u:hunter2@h/d?sslmode",
                "postgresql://u:hunter2@h/d?color=red",
                "postgresql://u:hunter2@h1,h2/d",
                "postgresql://u:hunter2@h/d?target_session_attrs=primary",
                "postgresql://u:hunter2@[::1/d",
                "postgresql://u:hunter2@h:0/d",
                "postgresql://u:hunter2%0@h/d",
                "postgresql://u:hunter2%@h/d",
                "postgresql://u:hunter2%4x@h/d",
                "postgresql://u:hunter2%00@h/d"
            })
    void aMalformedUriIsRefusedWithoutItsPassword(String uri) {
        assertThatThrownBy(() -> PgConnect.options(uri, NOTHING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .message()
                .doesNotContain("hunter2")
                .doesNotContain("ter2")
                .contains("URI");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PGPORT=54x2",
                "PGPORT=70000",
                "PGSSLMODE=on",
                "PGCONNECT_TIMEOUT=soon",
                "PGSERVICE=prod",
                "PGHOST=@abstract",
                "PGHOST=a,b",
                "PGPORT=1,2",
                "PGHOSTADDR=localhost",
                "PGCONNECT_TIMEOUT=-2",
                "PGSSLROOTCERT=/nowhere",
                "PGSSLCERT=/nowhere",
                "PGSSLMINPROTOCOLVERSION=SSLv3",
                "PGTARGETSESSIONATTRS=read-write",
                "PGLOADBALANCEHOSTS=random",
                "PGCHANNELBINDING=require",
                "PGREQUIREAUTH=scram-sha-256",
                "PGREQUIREPEER=postgres",
                "PGGSSENCMODE=require",
                "PGSSLNEGOTIATION=direct",
                "PGSSLCERTMODE=require",
                "PGSSLCRL=/nowhere",
                "PGSSLCRLDIR=/nowhere"
            })
    void aMalformedVariableIsNamed(String variable) {
        Map<String, String> environment = new HashMap<>(NOTHING);
        String[] parts = variable.split("=", 2);
        environment.put(parts[0], parts[1]);
        assertThatThrownBy(() -> PgConnect.options("", environment))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .matches(parts[0] + " (is|names) .*");
    }

    @Test
    void thePasswordFileIsReadAsLibpqReadsIt(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("pass");
        Files.writeString(file, "#h:1:d:u:no\nother:*:*:*:no\nh:5432:d\\:1:u:a\\:b:c\\\\d\n*:*:*:*:any\n");
        Map<String, String> environment = Map.of("PGPASSFILE", file.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(PgConnect.options("postgresql://u@h/d%3A1", environment).getPassword())
                .isEqualTo("a:b:c\\d");
        assertThat(PgConnect.options("postgresql://x@h/d", environment).getPassword())
                .isEqualTo("any");
        assertThat(PgConnect.options("postgresql://x:own@h/d", environment).getPassword())
                .isEqualTo("own");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(PgConnect.options("postgresql://x@h/d", environment).getPassword())
                .as("readable by others: not used")
                .isEmpty();
        assertThat(PgConnect.of("postgresql://x@h/d", environment).notes())
                .containsExactly("the password file " + file + " is not read: others can read it, chmod 600 it");
    }

    @Test
    void aStatementTimeoutIsASettingOfTheConnection() {
        PgConnectOptions before = new PgConnectOptions();
        assertThat(PgConnect.withStatementTimeout(before, 5000).getProperties())
                .containsEntry("statement_timeout", "5000")
                .containsAllEntriesOf(before.getProperties());
        assertThat(before.getProperties()).doesNotContainKey("statement_timeout");
    }

    @Test
    void theEnvironmentOfTheProcessCompletesTheUri() {
        assertThat(PgConnect.options("postgresql://u:p@h:7/d"))
                .satisfies(it -> assertThat(it.getHost()).isEqualTo("h"))
                .satisfies(it -> assertThat(it.getDatabase()).isEqualTo("d"));
    }

    @Test
    void aFolderIsAUnixSocketWithoutTls(@TempDir Path home) {
        PgConnectOptions it = PgConnect.options("postgresql://u@%2Ftmp:6000/d?sslmode=verify-full", NOTHING);
        assertThat(it.isUsingDomainSocket()).isTrue();
        assertThat(it.getSocketAddress().path()).isEqualTo("/tmp/.s.PGSQL.6000");
        assertThat(it.getSslMode()).isEqualTo(SslMode.DISABLE);
    }

    @Test
    void anAddressIsConnectedToAndTheNameIsThePasswordFiles(@TempDir Path home) throws IOException {
        Path file = Files.writeString(
                home.resolve("pass"), "10.0.0.1:*:*:*:no\ndb.example:*:*:*:yes\nlocalhost:*:*:*:local\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        PgConnectOptions it = PgConnect.options(
                "", Map.of("PGHOST", "db.example", "PGHOSTADDR", "10.0.0.1", "PGPASSFILE", file.toString()));
        assertThat(it.getHost()).isEqualTo("10.0.0.1");
        assertThat(it.getPassword()).isEqualTo("yes");
        assertThat(PgConnect.options("", Map.of("PGHOST", "/var/run/postgresql", "PGPASSFILE", file.toString()))
                        .getPassword())
                .isEqualTo("local");
        assertThatThrownBy(() -> PgConnect.options(
                        "postgresql://h/d?hostaddr=10.0.0.1&sslmode=verify-full&sslrootcert=" + file, NOTHING))
                .hasMessageStartingWith("the URI's hostaddr is set, and sslmode verify-full needs a name");
    }

    @Test
    void aServiceFileStandsBetweenTheUriAndTheEnvironment(@TempDir Path home) throws IOException {
        Path file = Files.writeString(home.resolve("services"), """
                # ours
                [other]
                host=nowhere
                [shop]
                host=db.example
                  port=6000
                port=6001
                user=app
                password=hunter2=x
                [shop]
                host=later
                [broken]
                color=hunter2
                [nested]
                service=shop
                """);
        Map<String, String> environment = Map.of(
                "PGSERVICE", "shop", "PGSERVICEFILE", file.toString(), "PGUSER", "x", "PGDATABASE", "d", "PGPORT", "1");
        PgConnect it = PgConnect.of("postgresql://?user=me", environment);
        assertThat(it).hasToString("postgresql://me@db.example:6000/d?sslmode=prefer");
        assertThat(it.options().getPassword()).isEqualTo("hunter2=x");
        assertThat(PgConnect.of("postgresql://?service=other", environment))
                .hasToString("postgresql://x@nowhere:1/d?sslmode=prefer");
        for (Map.Entry<String, String> wrong : Map.of(
                        "broken", "line 13 of the service file " + file + " sets 'color', which is not supported there",
                        "nested",
                                "line 15 of the service file " + file + " sets 'service', which is not supported there",
                        "none", "PGSERVICE is 'none', a service that is not in " + file)
                .entrySet()) {
            assertThatThrownBy(() ->
                            PgConnect.of("", Map.of("PGSERVICE", wrong.getKey(), "PGSERVICEFILE", file.toString())))
                    .hasMessage(wrong.getValue());
        }
        assertThatThrownBy(() -> PgConnect.of("", Map.of("PGSERVICE", "shop", "PGSERVICEFILE", "/nowhere")))
                .hasMessage("PGSERVICEFILE names /nowhere, which does not exist");
        Files.move(file, home.resolve(".pg_service.conf"));
        assertThat(PgConnect.of("", Map.of("PGSERVICE", "other"), home.toString())
                        .options()
                        .getHost())
                .isEqualTo("nowhere");
        Files.move(home.resolve(".pg_service.conf"), home.resolve("pg_service.conf"));
        assertThat(PgConnect.of("", Map.of("PGSERVICE", "other", "PGSYSCONFDIR", home.toString()), "/nowhere")
                        .options()
                        .getHost())
                .isEqualTo("nowhere");
    }

    @Test
    void theSessionBeginsAsPsqlsDoes() {
        PgConnect it = PgConnect.of(
                "", Map.of("PGTZ", "Asia/Tokyo", "PGGEQO", "off", "PGDATESTYLE", "dmy", "PGCLIENTENCODING", "LATIN1"));
        assertThat(it.options().getProperties())
                .containsEntry("TimeZone", "Asia/Tokyo")
                .containsEntry("geqo", "off")
                .containsEntry("DateStyle", "ISO, DMY")
                .containsEntry("client_encoding", "utf8");
        assertThat(it.notes()).containsExactly("PGCLIENTENCODING is ignored: text is always exchanged as UTF-8");
        assertThatThrownBy(() -> PgConnect.of("", Map.of("PGDATESTYLE", "German")))
                .hasMessageStartingWith("PGDATESTYLE asks for another style than ISO");
        assertThat(PgConnect.of("", Map.of("PGDATESTYLE", "default", "PGCLIENTENCODING", "utf8"))
                        .notes())
                .isEmpty();
    }

    @Test
    void aNameThatAPersonHasGivenStays() {
        assertThat(PgConnect.of("", NOTHING).named("vertask/a/b").options().getProperties())
                .containsEntry("application_name", "vertask/a/b");
        assertThat(PgConnect.of("", Map.of("PGAPPNAME", "mine"))
                        .named("vertask/a/b")
                        .options()
                        .getProperties())
                .containsEntry("application_name", "mine");
    }

    @Test
    void aPasswordFileThatSaysNothingOfUseCountsAsEmpty(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("pass");
        Map<String, String> environment = Map.of("PGPASSFILE", file.toString());
        for (byte[] content : List.of(
                "h:5432:d:other:no\nh:5432:d:u\n\nh:5432:d\\".getBytes(StandardCharsets.UTF_8),
                new byte[] {'h', ':', (byte) 0xff, (byte) 0xfe, '\n'})) {
            Files.deleteIfExists(file);
            Files.write(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertThat(PgConnect.options("postgresql://u@h/d", environment).getPassword())
                    .isEmpty();
        }
        assertThat(PgConnect.options("postgresql://u@h/d", Map.of("PGPASSFILE", directory.toString()))
                        .getPassword())
                .isEmpty();
    }

    @Test
    void aBackslashAtTheEndOfAPasswordIsOne(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("pass");
        Files.writeString(file, "*:*:*:*:end\\");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(PgConnect.options("postgresql://u@h/d", Map.of("PGPASSFILE", file.toString()))
                        .getPassword())
                .isEqualTo("end\\");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Integer.MAX_VALUE + 1L})
    void aStatementTimeoutThatTheServerWouldRefuseIsRefused(long ms) {
        assertThatThrownBy(() -> PgConnect.withStatementTimeout(new PgConnectOptions(), ms))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("statement_timeout is " + ms + " ms; it must be between 1 ms and 24 days");
    }
}
