package io.vertask.client.libpq;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The session settings that psql takes from variables: PGDATESTYLE, PGTZ, PGGEQO. */
final class PgSession {
    private static final Set<String> UTF8 = Set.of("UTF8", "UTF-8", "UNICODE", "AUTO");
    private static final List<String> ORDERS =
            List.of("DMY", "MDY", "YMD", "EURO", "EUROPEAN", "US", "NONEUROPEAN", "NONEURO", "ISO");

    private PgSession() {}

    static void put(Map<String, String> environment, Map<String, String> properties) {
        put(environment, "PGTZ", "TimeZone", properties);
        put(environment, "PGGEQO", "geqo", properties);
        put(environment, "PGDATESTYLE", "DateStyle", properties);
        String style = properties.getOrDefault("DateStyle", "ISO").toUpperCase(Locale.ROOT);
        properties.put("DateStyle", style.contains("ISO") ? style : "ISO, " + style);
        for (String word : style.split("[,\\s]+", -1)) {
            if (!ORDERS.contains(word)) {
                throw new IllegalArgumentException("PGDATESTYLE asks for another style than ISO, which is not"
                        + " supported; it may be like ISO, DMY");
            }
        }
    }

    private static void put(
            Map<String, String> environment, String variable, String property, Map<String, String> properties) {
        String value = environment.getOrDefault(variable, "").strip();
        if (!value.isEmpty() && !value.equalsIgnoreCase("default")) {
            properties.put(property, value);
        }
    }

    static boolean isUtf8(String encoding) {
        return UTF8.contains(encoding.strip().toUpperCase(Locale.ROOT));
    }
}
