package io.vertask.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The password file of libpq: lines of {@code host:port:database:user:password}, where {@code *} fits anything and a
 * backslash escapes. As for libpq, a file that is not there, not readable, or readable by others counts as empty.
 */
final class PgPassFile {
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private final Path file;

    private PgPassFile(Path file) {
        this.file = file;
    }

    static PgPassFile of(Map<String, String> environment, String home) {
        String named = environment.getOrDefault("PGPASSFILE", "");
        return new PgPassFile(named.isEmpty() ? Path.of(home, ".pgpass") : Path.of(named));
    }

    /** The first line that fits; null when none does. */
    @Nullable
    String password(String host, int port, String database, String user) {
        List<String> wanted = List.of(host, Integer.toString(port), database, user);
        if (!isPrivate()) {
            return null;
        }
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> fields = fields(line);
                if (!line.startsWith("#") && fields.size() == 5 && fits(fields, wanted)) {
                    return fields.get(4);
                }
            }
        } catch (IOException unreadable) {
            return null;
        }
        return null;
    }

    private boolean isPrivate() {
        try {
            return Files.isRegularFile(file)
                    && Files.getPosixFilePermissions(file).stream().noneMatch(OTHERS::contains);
        } catch (IOException unreadable) {
            return false;
        } catch (UnsupportedOperationException noSuchPermissionsHere) {
            return true;
        }
    }

    private static boolean fits(List<String> fields, List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The fifth field is the rest of the line, its colons included. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>(5);
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                field.append(line.charAt(++i));
            } else if (c == ':' && fields.size() < 4) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
