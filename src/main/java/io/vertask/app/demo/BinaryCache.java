package io.vertask.app.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A cache of unpacked Postgres binaries between starts: a directory that only this user can enter.
 *
 * <p>The embedded Postgres has a cache of its own, but under a well-known name that everyone may write to, and it
 * accepts half-unpacked files of a killed process. So binaries are first unpacked in the private directory of one
 * server and appear here complete, by one rename.
 *
 * <p><b>Failure.</b> No method fails a start: without a usable cache the binaries are unpacked each time.
 */
final class BinaryCache {
    private final Path home;
    private final Path unpacked;

    private BinaryCache(Path home, Path unpacked) {
        this.home = home;
        this.unpacked = unpacked;
    }

    /** @param key differs for different binaries */
    static BinaryCache in(Path temporary, String user, String key) {
        Path home = temporary.resolve("vertask-demo-" + user.replaceAll("[^A-Za-z0-9._-]", "_"));
        return new BinaryCache(home, home.resolve(key));
    }

    /**
     * The directory with the unpacked binaries, if there is one that can be trusted.
     *
     * @param mine a directory that this process has made, which shows its user
     */
    Optional<Path> find(Path mine) {
        try {
            return Files.isDirectory(unpacked, LinkOption.NOFOLLOW_LINKS) && isOurs(mine)
                    ? Optional.of(unpacked)
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Offers the binaries in {@code fresh}, which stays as it is, to later starts. */
    void publish(Path fresh) {
        try {
            if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            if (!isOurs(fresh)) {
                return;
            }
            Path draft = fresh.resolveSibling("draft");
            link(fresh, draft);
            // Fails when another process was first, whose copy is as good.
            Files.move(draft, unpacked, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | UncheckedIOException | UnsupportedOperationException noCache) {
            // Only costs the next start the unpacking.
        }
    }

    private boolean isOurs(Path mine) throws IOException {
        return Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(home, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine))
                && PosixFilePermissions.toString(Files.getPosixFilePermissions(home, LinkOption.NOFOLLOW_LINKS))
                        .equals("rwx------");
    }

    /** Copies the tree by hard links: no bytes are copied, and the times that the unpacker compares are kept. */
    private static void link(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path source : (Iterable<Path>) tree::iterator) {
                Path target = to.resolve(from.relativize(source));
                if (Files.isSymbolicLink(source)) {
                    Files.createSymbolicLink(target, Files.readSymbolicLink(source));
                } else if (Files.isDirectory(source)) {
                    Files.createDirectory(target);
                } else {
                    Files.createLink(target, source);
                }
            }
        }
        keepTimes(from, to);
    }

    /** Sets the times of the new directories: the unpacker unpacks again if they are newer than its marker. */
    private static void keepTimes(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path source : (Iterable<Path>) tree::iterator) {
                if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
                    Files.setLastModifiedTime(to.resolve(from.relativize(source)), Files.getLastModifiedTime(source));
                }
            }
        }
    }
}
