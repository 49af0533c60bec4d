package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlErrorsTest {
    private static PgException server(String state) {
        return new PgException("said the server", "ERROR", state, "");
    }

    @Test
    void theConnectionIsLostWhenItsEndOrAnAdministratorSaysSo() {
        assertThat(List.of(
                        ClosedConnectionException.INSTANCE,
                        new IOException("reset"),
                        server("08006"),
                        server("57P01"),
                        new VertxException(
                                "Pending requests failed to be sent due to connection has been closed", true),
                        new VertxException("Connection is not active now, current status: CLOSED", true)))
                .allMatch(SqlErrors::connectionLost);
        assertThat(List.of(server("23505"), server("57014"), new IllegalStateException("another")))
                .noneMatch(SqlErrors::connectionLost);
        assertThat(SqlErrors.connectionLost(null)).isFalse();
        assertThat(SqlErrors.connectionLost(new PgException("of no state", "ERROR", null, "")))
                .isFalse();
    }

    @Test
    void onlyItsOwnStateSaysThatTheServerStoppedIt() {
        assertThat(SqlErrors.stoppedByServer(server("57014"))).isTrue();
        assertThat(SqlErrors.stoppedByServer(server("57P01"))).isFalse();
        assertThat(SqlErrors.stoppedByServer(new IOException("57014"))).isFalse();
        assertThat(SqlErrors.stoppedByServer(null)).isFalse();
    }
}
