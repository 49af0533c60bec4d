package io.vertask.app.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file that a path leads to, whatever its names are, or the place where a file would be made.
 *
 * @param key the device and inode of a file that is there; null for a place, and where the system has no inodes
 * @param place the real path
 */
public record FileIdentity(@Nullable Object key, Path place) {
    private static final int MOST_LINKS = 40;
    private static final int TYPE = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;

    /** The identity of {@code path}; empty for a terminal and the like, which may be read and written at once. */
    public static Optional<FileIdentity> of(Path path) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return found.isOther() && isCharacterDevice(path)
                    ? Optional.empty()
                    : Optional.of(new FileIdentity(found.fileKey(), real(path)));
        } catch (IOException notThere) {
            return Optional.of(new FileIdentity(null, place(followed(path))));
        }
    }

    /** Whether both are the same file, or the same place where there is no file yet. */
    public boolean isSame(FileIdentity other) {
        if (key == null) {
            return other.key == null && place.equals(other.place);
        }
        return key.equals(other.key);
    }

    /** The path behind the links that {@code path} may be, also when that is not there. */
    static Path followed(Path path) {
        Path at = path.toAbsolutePath();
        for (int i = 0; i < MOST_LINKS && !isDescriptor(at) && Files.isSymbolicLink(at); i++) {
            try {
                at = at.resolveSibling(Files.readSymbolicLink(at));
            } catch (IOException | InvalidPathException unreadable) {
                return at;
            }
        }
        return at;
    }

    /** Whether the path is a name for an open file of this process, such as {@code /dev/stdout} leads to. */
    static boolean isDescriptor(Path path) {
        return path.startsWith("/dev/fd") || path.startsWith("/proc/self/fd");
    }

    private static boolean isCharacterDevice(Path path) {
        try {
            Integer mode = (Integer) Files.getAttribute(path, "unix:mode");
            return mode != null && (mode & TYPE) == CHARACTER_DEVICE;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noUnix) {
            return true;
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException noPath) {
            return path.toAbsolutePath().normalize(); // a pipe among the descriptors
        }
    }

    private static Path place(Path missing) {
        Path folder = missing.getParent();
        if (folder == null || missing.getFileName() == null || !Files.exists(folder, new LinkOption[0])) {
            return missing.normalize();
        }
        return real(folder).resolve(missing.getFileName());
    }
}
