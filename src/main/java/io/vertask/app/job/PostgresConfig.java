package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.Secret;
import io.vertask.app.job.yaml.SecretText;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A Postgres client.
 *
 * @param dsn {@code postgresql://...}; empty: libpq's variables (PGHOST, PGPORT, ...), read as psql reads them
 * @param poolMin connections opened at the start
 * @param statementTimeout how long the server lets one statement run; empty: as long as the server is set to
 * @param maxBody the most bytes of rows that are held for one item
 * @param maxScramIterations how often the server may have the password hashed at a login
 */
public record PostgresConfig(
        String name,
        Secret dsn,
        int poolMin,
        int poolMax,
        Optional<Duration> statementTimeout,
        long maxBody,
        int maxScramIterations)
        implements ClientConfig {

    /** The default of {@link #maxBody}. */
    public static final long MAX_BODY = 10_000_000;
    /** The default of {@link #maxScramIterations}; PostgreSQL's own number is 4,096. */
    public static final int MAX_SCRAM_ITERATIONS = 600_000;

    static final int POOL_MIN = 0;
    static final int POOL_MAX = 10;

    private static final int MOST_CONNECTIONS = 10_000;
    private static final int USUAL_SCRAM_ITERATIONS = 4_096;
    private static final int MOST_SCRAM_ITERATIONS = 10_000_000;

    static final ClientConfig.Form FORM = new ClientConfig.Form() {
        @Override
        public List<String> heads() {
            return List.of("postgres");
        }

        @Override
        public List<String> others() {
            return List.of("pool", "statement_timeout", "max_body", "max_scram_iterations");
        }

        @Override
        public ClientConfig read(String name, Fields fields) {
            checkDsn(fields);
            Fields pool = fields.section("pool", List.of("min", "max"));
            int max = pool.whole("max", POOL_MAX, 1, MOST_CONNECTIONS);
            int min = pool.whole("min", POOL_MIN, 0, MOST_CONNECTIONS);
            if (min > max) {
                pool.mistakes().show(pool.keyPlace("min"), "pool.min " + min + " is more than pool.max " + max);
            }
            return new PostgresConfig(
                    name,
                    fields.secret("postgres"),
                    min,
                    max,
                    fields.duration("statement_timeout"),
                    fields.size("max_body", HttpStep.MOST_BODY).orElse(MAX_BODY),
                    fields.whole(
                            "max_scram_iterations",
                            MAX_SCRAM_ITERATIONS,
                            USUAL_SCRAM_ITERATIONS,
                            MOST_SCRAM_ITERATIONS));
        }
    };

    private static void checkDsn(Fields fields) {
        Scalar scalar = fields.scalar("postgres");
        if (scalar == null || scalar.isNull() || scalar.text().isEmpty()) {
            return;
        }
        if (!scalar.text().startsWith("postgresql://") && !scalar.text().startsWith("postgres://")) {
            fields.wrong(
                    "postgres",
                    scalar,
                    "a URI or empty",
                    "write it like postgresql://user@host:5432/database; empty reads PGHOST, PGPORT, PGUSER, ...");
        }
    }

    /** This client with one connection. */
    public PostgresConfig withOneConnection() {
        return new PostgresConfig(name, dsn, 1, 1, statementTimeout, maxBody, maxScramIterations);
    }

    @Override
    public List<Secret> secrets() {
        return SecretText.withPassword(dsn);
    }
}
