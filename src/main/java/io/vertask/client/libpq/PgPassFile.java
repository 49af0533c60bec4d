package io.vertask.client.libpq;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The password file of libpq: lines of {@code host:port:database:user:password}, where {@code *} matches anything and a
 * backslash escapes. As for libpq, a file that is missing, unreadable, or readable by others counts as empty; the
 * latter two give a warning.
 */
final class PgPassFile {
    private final Path file;

    private PgPassFile(Path file) {
        this.file = file;
    }

    /** The file {@code named}, or {@code ~/.pgpass} when that is empty. */
    static PgPassFile of(String named, String home) {
        return new PgPassFile(named.isEmpty() ? Path.of(home, ".pgpass") : Path.of(named));
    }

    /** The password of the first line that matches, or null. {@code note} is told why the file is not read. */
    @Nullable
    String password(String host, int port, String database, String user, Consumer<String> note) {
        List<String> wanted = List.of(host, Integer.toString(port), database, user);
        if (!Files.exists(file)) {
            return null;
        }
        if (!Files.isRegularFile(file)) {
            note.accept("the password file " + file + " is not read: it is not a regular file");
            return null;
        }
        if (!isPrivate(file, false)) {
            note.accept("the password file " + file + " is not read: others can read it, chmod 600 it");
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
            note.accept("the password file " + file + " can't be read");
        }
        return null;
    }

    /** Whether only its owner can use it; with {@code group}, the group may read a file that root owns. */
    static boolean isPrivate(Path file, boolean group) {
        try {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
            permissions.removeAll(EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE));
            if (group && Files.getOwner(file).getName().equals("root")) {
                permissions.remove(PosixFilePermission.GROUP_READ);
            }
            return permissions.isEmpty();
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
