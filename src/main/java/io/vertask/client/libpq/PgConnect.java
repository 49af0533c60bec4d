package io.vertask.client.libpq;

import io.vertx.pgclient.PgConnectOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a database connection: a URI, completed by the {@code PG…} variables of the environment as
 * {@code psql} does it.
 *
 * <p>{@code PgConnect.options("postgresql://app@db.example:5433/shop?sslmode=require")}; with an empty text only the
 * variables are read. The URI goes before a service file, and that before the environment.
 *
 * <p>Taken from the environment: PGHOST (a name, an address, or the folder of a Unix socket), PGHOSTADDR, PGPORT,
 * PGUSER, PGPASSWORD, PGPASSFILE, PGDATABASE, PGSERVICE, PGSERVICEFILE, PGSYSCONFDIR, PGSSLMODE, PGSSLROOTCERT,
 * PGSSLCERT, PGSSLKEY, PGSSLMINPROTOCOLVERSION, PGSSLMAXPROTOCOLVERSION, PGAPPNAME, PGOPTIONS, PGCONNECT_TIMEOUT,
 * PGDATESTYLE, PGTZ, PGGEQO. The user defaults to the one of the operating system, the database to the user, the
 * password to the one in {@code ~/.pgpass}, the host to {@code localhost}: servers don't agree on a folder for their
 * sockets. Other settings that psql honours are refused: several hosts, PGTARGETSESSIONATTRS, PGSSLCRL, PGREQUIREPEER
 * and the like.
 *
 * <p><b>Failure.</b> {@link IllegalArgumentException} that names the variable or the part, and never the password.
 *
 * <p><b>Threads.</b> Reads small files, and blocks the calling thread meanwhile.
 *
 * @param options for {@code SqlCalls}
 * @param connectTimeoutSeconds from the URI or PGCONNECT_TIMEOUT; 0 when neither names one
 * @param notes one warning for each connection setting that is ignored
 */
public record PgConnect(PgConnectOptions options, int connectTimeoutSeconds, List<String> notes) {
    private static final String NAME = "vertask";
    private static final int LONGEST_TIMEOUT = 86_400;

    public PgConnect {
        Objects.requireNonNull(options, "PgConnect: options is null");
        Objects.requireNonNull(notes, "PgConnect: notes is null");
        notes = List.copyOf(notes);
    }

    /** {@link #options(String, Map)} with the environment of this process. */
    public static PgConnectOptions options(String uri) {
        return options(uri, System.getenv());
    }

    /** The options of {@link #of(String, Map)} alone. */
    public static PgConnectOptions options(String uri, Map<String, String> environment) {
        Objects.requireNonNull(uri, "PgConnect.options: uri is null");
        Objects.requireNonNull(environment, "PgConnect.options: environment is null");
        return of(uri, environment).options();
    }

    /** Reads {@code uri}, which may be empty, and {@code environment}. */
    public static PgConnect of(String uri, Map<String, String> environment) {
        Objects.requireNonNull(uri, "PgConnect.of: uri is null");
        Objects.requireNonNull(environment, "PgConnect.of: environment is null");
        return of(uri, environment, System.getProperty("user.home"));
    }

    static PgConnect of(String uri, Map<String, String> environment, String home) {
        PgSettings settings = PgSettings.of(uri, environment, home);
        List<String> notes = new ArrayList<>();
        String user = settings.text("user", System.getProperty("user.name"));
        PgConnectOptions options = new PgConnectOptions()
                .setHost(PgHost.address(settings))
                .setPort(settings.number("port", 5432, 1, 65535))
                .setUser(user)
                .setDatabase(settings.text("dbname", user));
        PgTls.apply(options, settings, home);
        PgHost.checkName(options, settings);
        options.setPassword(password(options, settings, home, notes));
        options.setProperties(properties(settings, environment, notes));
        int timeout = settings.number("connect_timeout", 0, -1, LONGEST_TIMEOUT);
        return new PgConnect(options, Math.max(0, timeout), notes);
    }

    /** Empty when there is none: Vert.x's own default password must not be sent. */
    private static String password(PgConnectOptions options, PgSettings settings, String home, List<String> notes) {
        PgSettings.@Nullable Setting password = settings.get("password");
        if (password != null) {
            return password.value();
        }
        String found = PgPassFile.of(settings.text("passfile", ""), home)
                .password(
                        PgHost.inPasswordFile(settings),
                        options.getPort(),
                        options.getDatabase(),
                        options.getUser(),
                        notes::add);
        return found == null ? "" : found;
    }

    private static Map<String, String> properties(
            PgSettings settings, Map<String, String> environment, List<String> notes) {
        Map<String, String> properties = new LinkedHashMap<>(new PgConnectOptions().getProperties());
        properties.put("application_name", settings.text("application_name", NAME));
        if (settings.get("options") != null) {
            properties.put("options", settings.text("options", ""));
        }
        PgSession.put(environment, properties);
        PgSettings.@Nullable Setting encoding = settings.get("client_encoding");
        if (encoding != null && !PgSession.isUtf8(encoding.value())) {
            notes.add(encoding.from() + " is ignored: text is always exchanged as UTF-8");
        }
        return properties;
    }

    /** These settings with {@code name} as the application name, unless the URI or the environment has set one. */
    public PgConnect named(String name) {
        Objects.requireNonNull(name, "PgConnect.named: name is null");
        if (!NAME.equals(options.getProperties().get("application_name"))) {
            return this;
        }
        PgConnectOptions copy = new PgConnectOptions(options);
        copy.setProperties(new LinkedHashMap<>(copy.getProperties()));
        copy.addProperty("application_name", name);
        return new PgConnect(copy, connectTimeoutSeconds, notes);
    }

    /** These options with a {@code statement_timeout}, after which the server stops a statement by itself. */
    public static PgConnectOptions withStatementTimeout(PgConnectOptions options, long milliseconds) {
        Objects.requireNonNull(options, "PgConnect.withStatementTimeout: options is null");
        if (milliseconds < 1 || milliseconds > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "statement_timeout is " + milliseconds + " ms; it must be between 1 ms and 24 days");
        }
        PgConnectOptions copy = new PgConnectOptions(options);
        Map<String, String> properties = new LinkedHashMap<>(copy.getProperties());
        properties.put("statement_timeout", Long.toString(milliseconds));
        return copy.setProperties(properties);
    }

    /** A URI of server, user and database, without the password. */
    @Override
    public String toString() {
        return "postgresql://" + options.getUser() + "@" + options.getHost() + ":" + options.getPort() + "/"
                + options.getDatabase() + "?sslmode=" + PgTls.words(options.getSslMode());
    }
}
