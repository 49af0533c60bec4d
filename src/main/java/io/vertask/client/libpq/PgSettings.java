package io.vertask.client.libpq;

import static java.util.Map.entry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The connection parameters of libpq, each with its source: the URI goes before the service file, and that before the
 * environment.
 *
 * <p><b>Failure.</b> {@link IllegalArgumentException} that names a parameter which is not supported: nobody is to
 * connect to another server, or in another way, than {@code psql} would.
 */
final class PgSettings {
    private static final Map<String, String> VARIABLES = Map.ofEntries(
            entry("host", "PGHOST"),
            entry("hostaddr", "PGHOSTADDR"),
            entry("port", "PGPORT"),
            entry("user", "PGUSER"),
            entry("password", "PGPASSWORD"),
            entry("passfile", "PGPASSFILE"),
            entry("dbname", "PGDATABASE"),
            entry("service", "PGSERVICE"),
            entry("sslmode", "PGSSLMODE"),
            entry("requiressl", "PGREQUIRESSL"),
            entry("sslrootcert", "PGSSLROOTCERT"),
            entry("sslcert", "PGSSLCERT"),
            entry("sslkey", "PGSSLKEY"),
            entry("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
            entry("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
            entry("application_name", "PGAPPNAME"),
            entry("options", "PGOPTIONS"),
            entry("client_encoding", "PGCLIENTENCODING"),
            entry("connect_timeout", "PGCONNECT_TIMEOUT"));

    /** The parameters of psql that are not supported, and their values that change nothing. */
    private static final Map<String, Only> REFUSED = Map.of(
            "target_session_attrs", new Only("PGTARGETSESSIONATTRS", Set.of("any", "prefer-standby")),
            "load_balance_hosts", new Only("PGLOADBALANCEHOSTS", Set.of("disable")),
            "channel_binding", new Only("PGCHANNELBINDING", Set.of("prefer")),
            "require_auth", new Only("PGREQUIREAUTH", Set.of()),
            "requirepeer", new Only("PGREQUIREPEER", Set.of()),
            "gssencmode", new Only("PGGSSENCMODE", Set.of("disable", "prefer")),
            "sslnegotiation", new Only("PGSSLNEGOTIATION", Set.of("postgres")),
            "sslcertmode", new Only("PGSSLCERTMODE", Set.of("allow")),
            "sslcrl", new Only("PGSSLCRL", Set.of()),
            "sslcrldir", new Only("PGSSLCRLDIR", Set.of()));

    private record Only(String variable, Set<String> values) {}

    /** A value and its source, as messages name it. */
    record Setting(String from, String value) {
        IllegalArgumentException wrong(String text) {
            return new IllegalArgumentException(from + " " + text);
        }
    }

    private final Map<String, Setting> settings = new LinkedHashMap<>();

    private PgSettings() {}

    /** Whether {@code parameter} is a known parameter of libpq. */
    static boolean isKnown(String parameter) {
        return VARIABLES.containsKey(parameter) || REFUSED.containsKey(parameter);
    }

    /** The parameters that can be set, in alphabetical order. */
    static Set<String> supported() {
        return new TreeSet<>(VARIABLES.keySet());
    }

    /** Reads {@code uri}, which may be empty, the service file that it or {@code environment} names, and that. */
    static PgSettings of(String uri, Map<String, String> environment, String home) {
        PgSettings read = new PgSettings();
        VARIABLES.forEach((key, variable) -> read.putVariable(key, variable, environment));
        REFUSED.forEach((key, only) -> read.putVariable(key, only.variable(), environment));
        Map<String, Setting> inUri = new LinkedHashMap<>();
        if (!uri.isBlank()) {
            PgUri.read(uri.strip(), (key, value) -> inUri.put(key, new Setting("the URI's " + key, value)));
        }
        Setting service = inUri.getOrDefault("service", read.get("service"));
        if (service != null) {
            read.settings.putAll(PgService.of(service, environment, home));
        }
        read.settings.putAll(inUri);
        REFUSED.forEach((key, only) -> read.refuse(read.get(key), only));
        return read;
    }

    private void putVariable(String key, String variable, Map<String, String> environment) {
        String value = environment.getOrDefault(variable, "");
        if (!value.isEmpty()) {
            settings.put(key, new Setting(variable, value));
        }
    }

    private void refuse(@Nullable Setting setting, Only only) {
        if (setting != null && !only.values().contains(setting.value())) {
            throw setting.wrong(
                    only.values().isEmpty()
                            ? "is set, which is not supported: unset it"
                            : "is '" + setting.value() + "', which is not supported; it may be "
                                    + String.join(" or ", new TreeSet<>(only.values())));
        }
    }

    @Nullable
    Setting get(String key) {
        return settings.get(key);
    }

    String text(String key, String otherwise) {
        Setting setting = settings.get(key);
        return setting == null ? otherwise : setting.value();
    }

    int number(String key, int otherwise, int least, int most) {
        Setting setting = settings.get(key);
        if (setting == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(setting.value().strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // reported below
        }
        // the value is not repeated: in a URI without its '@' it is the password
        throw setting.wrong("is not a number from " + least + " to " + most);
    }

    /** Shows the names only. */
    @Override
    public String toString() {
        return settings.keySet().toString();
    }
}
