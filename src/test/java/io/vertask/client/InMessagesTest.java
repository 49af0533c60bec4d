package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.VertxException;
import io.vertx.core.http.RequestOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people are told: which server, how far, why, and nothing secret. */
class InMessagesTest {
    private static final Duration LIMIT = Duration.ofMillis(300);

    private final PgConnectOptions to = new PgConnectOptions()
            .setHost("db")
            .setPort(5433)
            .setUser("ada")
            .setDatabase("shop")
            .setPassword("hunter2")
            .setSslMode(SslMode.REQUIRE);

    private String why(Throwable cause) {
        String message = String.valueOf(SqlConnectException.of(cause, to, LIMIT).getMessage());
        assertThat(message)
                .startsWith("no connection to Postgres at db:5433 as user ada, database shop: ")
                .doesNotContain("hunter2");
        return message.substring(message.indexOf("shop: ") + 6);
    }

    @Test
    void whyThereIsNoConnection() {
        String silent = "no answer within 300 ms. Check host, port and firewall";
        assertThat(why(new TimeoutException())).isEqualTo(silent);
        assertThat(why(new ConnectTimeoutException())).isEqualTo(silent);
        assertThat(why(new IllegalStateException("Postgres Server does not handle SSL connection")))
                .isEqualTo("the server has no TLS, and sslmode REQUIRE asks for it");
        assertThat(why(new IllegalStateException("odd"))).isEqualTo("odd");
        assertThat(why(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void aSocketFileIsNamedAsSuch() {
        assertThat(SqlConnectException.of(new TimeoutException(), to.setHost("/run/postgresql"), LIMIT))
                .hasMessageStartingWith("no connection to Postgres at /run/postgresql/.s.PGSQL.5433 as user ada");
    }

    @ParameterizedTest
    @CsvSource({
        "http://Shop.example/a, http://shop.example",
        "https://shop.example:443/, https://shop.example",
        "https://shop.example:80/, https://shop.example:80",
        "http://u:p@my_host:8080/x, http://my_host:8080",
        "http://shop.example:port/, ",
        "http://shop.example:65536/, ",
        "http://shop.example:/, http://shop.example",
        "https://[::1]:8443/, https://[::1]:8443",
        "http://u@:80/, ",
        "http://, ",
        "ftp://shop.example/, ",
        "/a, "
    })
    void anOriginIsSchemeHostAndPort(String uri, String origin) {
        URI url = URI.create(uri.equals("http://") ? "http:x" : uri);
        assertThat(HttpOrigin.of(url).map(HttpOrigin::toString).orElse(null)).isEqualTo(origin);
    }

    @Test
    void aRequestIsNamedWithoutItsQueryWhateverItLacks() {
        RequestOptions bare = new RequestOptions().setURI("/a?token=s3cret");
        assertThat(HttpOrigin.withoutQuery(bare)).isEqualTo("http:///a");
        assertThat(HttpOrigin.withoutQuery(bare.setSsl(true).setHost("h"))).isEqualTo("https://h/a");
        assertThat(HttpOrigin.withoutQuery(bare.setPort(8443).setURI("/b"))).isEqualTo("https://h:8443/b");
    }

    @Test
    void whatIsTooLargeSaysHowLargeItMayBe() {
        HttpBodyTooLargeException refused = new HttpBodyTooLargeException(10, "http://h/a");
        assertThat(refused.limit()).isEqualTo(10);
        assertThat(refused.url()).isEqualTo("http://h/a");
        assertThat(refused).hasMessageContaining("http://h/a").hasMessageContaining("10");
    }

    @Test
    void whatTheServerRefusesIsSaidWithTheWayOut() {
        assertThat(why(new PgException("too many clients", "FATAL", "53300", null)))
                .isEqualTo("too many clients. Lower the pool's max or raise the server's max_connections");
        assertThat(why(new PgException("odd", "FATAL", "XX000", null))).isEqualTo("odd");
    }

    @Test
    void aLostConnectionIsToldFromWhatTheServerSays() {
        assertThat(SqlErrors.connectionLost(null)).isFalse();
        assertThat(SqlErrors.connectionLost(new IOException("reset"))).isTrue();
        assertThat(SqlErrors.connectionLost(new PgException("bye", "FATAL", "57P01", null)))
                .isTrue();
        assertThat(SqlErrors.connectionLost(new PgException("gone", "FATAL", "08006", null)))
                .isTrue();
        assertThat(SqlErrors.connectionLost(new PgException("no", "ERROR", "42P01", null)))
                .isFalse();
        assertThat(SqlErrors.connectionLost(new VertxException("Pending requests failed to be sent due to …", true)))
                .isTrue();
        assertThat(SqlErrors.connectionLost(new VertxException("Connection is not active now, …", true)))
                .isTrue();
        assertThat(SqlErrors.connectionLost(new IllegalStateException("bug"))).isFalse();
    }

    @Test
    void howFarACallIsHasWords() {
        assertThat(Phase.QUEUED.words()).isEqualTo("waiting for a connection");
    }

    @Test
    void limitsNameTheWrongValue() {
        assertThatThrownBy(() -> SqlLimits.of(0, 0)).hasMessage("max is 0; a pool has at least 1 connection");
        assertThatThrownBy(() -> SqlLimits.of(-1, 2)).hasMessage("min is -1; it goes from 0 to max, which is 2");
        assertThatThrownBy(() -> SqlLimits.of(3, 2)).hasMessage("min is 3; it goes from 0 to max, which is 2");
        assertThatThrownBy(() -> new SqlLimits(0, 1, Duration.ZERO, LIMIT))
                .hasMessage("connectTimeout is PT0S; it goes from 1 ms to 24 days");
        assertThatThrownBy(() -> new SqlLimits(0, 1, LIMIT, Duration.ofDays(25)))
                .hasMessage("cancelTimeout is PT600H; it goes from 1 ms to 24 days");
    }
}
