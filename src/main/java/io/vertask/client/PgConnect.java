package io.vertask.client;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is: a connection URI, completed by the {@code PG…} variables of the environment, as {@code psql}
 * does it.
 *
 * <p>{@code PgConnect.options("postgresql://app@db.example:5433/shop?sslmode=require")}; with an empty text it is the
 * variables alone. What the URI says goes before what the environment says.
 *
 * <p>Taken from the environment: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE, PGSSLROOTCERT, PGAPPNAME,
 * PGOPTIONS, PGCONNECT_TIMEOUT, PGPASSFILE. The user defaults to the one of the operating system, the database to the
 * user, the password to what {@code ~/.pgpass} says. As Vert.x speaks no Unix sockets everywhere, the host defaults to
 * {@code localhost}.
 *
 * <p><b>Failure.</b> {@link IllegalArgumentException} naming the variable or the part, and never the password.
 *
 * @param options for {@link SqlCalls}
 * @param connectTimeoutSeconds what the URI or PGCONNECT_TIMEOUT said; 0 when nothing did
 */
public record PgConnect(PgConnectOptions options, int connectTimeoutSeconds) {
    private static final Map<String, String> VARIABLES = Map.of(
            "host", "PGHOST",
            "port", "PGPORT",
            "user", "PGUSER",
            "password", "PGPASSWORD",
            "dbname", "PGDATABASE",
            "sslmode", "PGSSLMODE",
            "sslrootcert", "PGSSLROOTCERT",
            "application_name", "PGAPPNAME",
            "options", "PGOPTIONS",
            "connect_timeout", "PGCONNECT_TIMEOUT");

    /** {@link #options(String, Map)} with the environment of this process. */
    public static PgConnectOptions options(String uri) {
        return options(uri, System.getenv());
    }

    /** {@link #of(String, Map)} without the rest. */
    public static PgConnectOptions options(String uri, Map<String, String> environment) {
        return of(uri, environment).options();
    }

    /** Reads {@code uri}, which may be empty, and {@code environment}. */
    public static PgConnect of(String uri, Map<String, String> environment) {
        if (!environment.getOrDefault("PGSERVICE", "").isEmpty()) {
            throw new IllegalArgumentException(
                    "PGSERVICE is set, and service files are not supported: set PGHOST, PGPORT, PGUSER, PGDATABASE instead");
        }
        Map<String, Setting> settings = new LinkedHashMap<>();
        VARIABLES.forEach((key, variable) -> {
            String value = environment.getOrDefault(variable, "");
            if (!value.isEmpty()) {
                settings.put(key, new Setting(variable, value));
            }
        });
        if (!uri.isBlank()) {
            PgUri.read(uri.strip(), (key, value) -> settings.put(key, new Setting("the URI's " + key, value)));
        }
        return made(settings, environment);
    }

    /** A value and where it is from. */
    private record Setting(String from, String value) {}

    private static PgConnect made(Map<String, Setting> settings, Map<String, String> environment) {
        String host = host(settings.get("host"));
        int port = number(settings.get("port"), 5432, 1, 65535);
        String user = text(settings.get("user"), System.getProperty("user.name"));
        String database = text(settings.get("dbname"), user);
        PgConnectOptions options = new PgConnectOptions()
                .setHost(host)
                .setPort(port)
                .setUser(user)
                .setDatabase(database)
                .setSslMode(sslMode(settings.get("sslmode")));
        @Nullable Setting password = settings.get("password");
        String secret = password != null
                ? password.value()
                : PgPassFile.of(environment, System.getProperty("user.home")).password(host, port, database, user);
        // Vert.x has a default of its own, which is not meant
        options.setPassword(secret == null ? "" : secret);
        Map<String, String> properties = new LinkedHashMap<>(options.getProperties());
        properties.put("application_name", text(settings.get("application_name"), "vertask"));
        if (settings.containsKey("options")) {
            properties.put("options", settings.get("options").value());
        }
        options.setProperties(properties);
        trust(options, settings.get("sslrootcert"));
        return new PgConnect(options, number(settings.get("connect_timeout"), 0, 0, 3600));
    }

    /** These options with a limit on the server for each statement, which it then stops by itself. */
    public static PgConnectOptions withStatementTimeout(PgConnectOptions options, long milliseconds) {
        if (milliseconds < 1 || milliseconds > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "statement_timeout is " + milliseconds + " ms; it goes from 1 ms to 24 days");
        }
        PgConnectOptions copy = new PgConnectOptions(options);
        Map<String, String> properties = new LinkedHashMap<>(copy.getProperties());
        properties.put("statement_timeout", Long.toString(milliseconds));
        return copy.setProperties(properties);
    }

    private static String host(@Nullable Setting host) {
        String value = text(host, "localhost");
        if (value.startsWith("/") || value.startsWith("@")) {
            throw wrong(host, "is a Unix socket, which is not supported: name a host, such as localhost");
        }
        if (value.contains(",")) {
            throw wrong(host, "names several hosts, which is not supported: name one");
        }
        return value;
    }

    private static void trust(PgConnectOptions options, @Nullable Setting rootCertificate) {
        SslMode mode = options.getSslMode();
        if (mode != SslMode.VERIFY_CA && mode != SslMode.VERIFY_FULL) {
            return;
        }
        String file = rootCertificate != null
                ? rootCertificate.value()
                : Path.of(System.getProperty("user.home"), ".postgresql", "root.crt")
                        .toString();
        options.setSslOptions(new ClientSSLOptions()
                .setTrustOptions(new PemTrustOptions().addCertPath(file))
                .setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : ""));
    }

    private static SslMode sslMode(@Nullable Setting setting) {
        String value = text(setting, "prefer").toLowerCase(Locale.ROOT);
        try {
            return SslMode.of(value);
        } catch (IllegalArgumentException unknown) {
            throw wrong(setting, "is '" + value + "'; it is disable, allow, prefer, require, verify-ca or verify-full");
        }
    }

    private static String text(@Nullable Setting setting, String otherwise) {
        return setting == null ? otherwise : setting.value();
    }

    private static int number(@Nullable Setting setting, int otherwise, int least, int most) {
        if (setting == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(setting.value().strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        // the value is not repeated: in a URI without its '@' it is the password
        throw wrong(setting, "is not a number from " + least + " to " + most);
    }

    private static IllegalArgumentException wrong(@Nullable Setting setting, String text) {
        return new IllegalArgumentException((setting == null ? "the default" : setting.from()) + " " + text);
    }

    /** Where, as whom; without the password. */
    @Override
    public String toString() {
        return "postgresql://" + options.getUser() + "@" + options.getHost() + ":" + options.getPort() + "/"
                + options.getDatabase() + "?sslmode="
                + options.getSslMode().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
