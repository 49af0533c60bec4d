package io.vertask.client.libpq;

import io.vertask.client.libpq.PgSettings.Setting;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connection service file of libpq: a section {@code [name]} for each service, with one {@code parameter=value} per
 * line.
 *
 * <p>It is the file that PGSERVICEFILE names, or {@code ~/.pg_service.conf}. A service that is not in it is looked up
 * in {@code pg_service.conf} in the folder PGSYSCONFDIR.
 *
 * <p><b>Failure.</b> {@link IllegalArgumentException} that names file and line, and never a value.
 */
final class PgService {
    private final Path file;
    private final String wanted;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private boolean found;
    private boolean inside;

    private PgService(Path file, String wanted) {
        this.file = file;
        this.wanted = wanted;
    }

    /** The parameters of the service that {@code service} names; the first line of a parameter counts. */
    static Map<String, Setting> of(Setting service, Map<String, String> environment, String home) {
        String named = environment.getOrDefault("PGSERVICEFILE", "");
        String system = environment.getOrDefault("PGSYSCONFDIR", "");
        List<Path> files = new ArrayList<>();
        files.add(named.isEmpty() ? Path.of(home, ".pg_service.conf") : Path.of(named));
        if (!named.isEmpty() && !Files.exists(files.get(0))) {
            throw new IllegalArgumentException("PGSERVICEFILE names " + named + ", which does not exist");
        }
        if (!system.isEmpty()) {
            files.add(Path.of(system, "pg_service.conf"));
        }
        for (Path file : files) {
            Optional<Map<String, Setting>> settings =
                    Files.exists(file) ? new PgService(file, service.value()).read() : Optional.empty();
            if (settings.isPresent()) {
                return settings.get();
            }
        }
        throw service.wrong("is '" + service.value() + "', a service that is not in "
                + String.join(" or ", files.stream().map(Path::toString).toList()));
    }

    private Optional<Map<String, Setting>> read() {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                line(line.strip(), ++number);
            }
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("the service file " + file + " can't be read", unreadable);
        }
        return found ? Optional.of(settings) : Optional.empty();
    }

    private void line(String line, int number) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (line.startsWith("[")) {
            // as for libpq, the first section of a name is all of it
            inside = !found && line.equals("[" + wanted + "]");
            found |= inside;
            return;
        }
        if (!inside) {
            return;
        }
        int equals = line.indexOf('=');
        String key = equals < 0 ? "" : line.substring(0, equals);
        if (key.equals("service") || !PgSettings.isKnown(key)) {
            String what = equals < 0
                    ? "has no '='; it looks like host=db.example"
                    : "sets '" + key + "', which is not supported there";
            throw new IllegalArgumentException("line " + number + " of the service file " + file + " " + what);
        }
        String value = line.substring(equals + 1);
        if (!value.isEmpty()) {
            settings.putIfAbsent(key, new Setting("service " + wanted + "'s " + key, value));
        }
    }
}
