package io.vertask.testing;

import io.vertask.app.demo.DemoPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/**
 * The one Postgres server of this test JVM: it starts at the first use, takes up to 120 connections, and ends with the
 * JVM.
 *
 * <p>Tests that write create a database of their own by {@link #createDatabase}.
 *
 * <p><b>Threads.</b> Any thread may call; the first call blocks for seconds.
 */
public final class Postgres {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private Postgres() {}

    /** Loaded at the first use; its watchdog stops it when the JVM ends. */
    private static final class Shared {
        static final DemoPostgres SERVER = DemoPostgres.start();
    }

    public static String host() {
        return "127.0.0.1";
    }

    public static int port() {
        return Shared.SERVER.port();
    }

    /** The DSN of the database {@code postgres}. */
    public static String uri() {
        return Shared.SERVER.uri();
    }

    /** The DSN of {@code database}. */
    public static String uri(String database) {
        return "postgresql://postgres@" + host() + ":" + port() + "/" + database;
    }

    /** A JDBC connection to {@code database}, to check the effects of a test from outside. */
    public static Connection connect(String database) throws SQLException {
        return Shared.SERVER.connect(database);
    }

    /**
     * Creates the empty database {@code name}, after dropping one of that name and its connections; returns its DSN.
     */
    public static String createDatabase(String name) throws SQLException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: '" + name + "' must match " + NAME);
        }
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
            statement.execute("CREATE DATABASE \"" + name + "\"");
        }
        return uri(name);
    }
}
