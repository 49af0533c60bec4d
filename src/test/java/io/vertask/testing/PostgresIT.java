package io.vertask.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PostgresIT {
    @Test
    void createdDatabaseIsEmptyEachTime() throws Exception {
        for (int round = 0; round < 2; round++) {
            assertThat(Postgres.createDatabase("postgres_it")).isEqualTo(Postgres.uri("postgres_it"));
            execute(Postgres.connect("postgres_it"), "CREATE TABLE t (id int)");
        }
    }

    @Test
    void nameThatWouldNeedQuotesIsRefused() {
        assertThatThrownBy(() -> Postgres.createDatabase("a\"; DROP DATABASE postgres; --"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void proxyInFrontCutsAConnection() throws Exception {
        try (TcpFaultProxy proxy = TcpFaultProxy.to(Postgres.port())) {
            String url = "jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/postgres?user=postgres";
            try (Connection connection = DriverManager.getConnection(url)) {
                proxy.awaitOpenConnections(1, Duration.ofSeconds(5));
                proxy.cutAll();
                assertThatThrownBy(() -> execute(connection, "SELECT 1")).isInstanceOf(SQLException.class);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
