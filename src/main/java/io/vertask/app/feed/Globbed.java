package io.vertask.app.feed;

import io.vertask.app.job.yaml.LocaleText;
import io.vertask.app.workload.StartFailure;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that match a pattern, sorted by name, so that every run has them in the same order.
 *
 * <p>As in a shell, {@code *} matches no name that begins with a dot, {@code **} goes into folders below, and a
 * relative pattern begins in the current folder.
 */
final class Globbed implements BatchReader {
    private static final int MOST = 1_000_000;
    private static final int BATCH = 1_000;
    private static final Pattern SPECIAL = Pattern.compile("[*?\\[{\\\\]");

    private final String pattern;
    private final List<String> found = new ArrayList<>();
    private int next;
    /** The number of names in the pattern, one for each folder and the file. */
    private int names;

    Globbed(String pattern) {
        this.pattern = pattern;
    }

    @Override
    public String name() {
        return "each.glob " + pattern;
    }

    @Override
    public OptionalLong open() throws IOException {
        Path root;
        try {
            root = Path.of(folder());
            names = Path.of(pattern.replaceAll("[*?]", "x")).getNameCount();
        } catch (InvalidPathException e) {
            throw new StartFailure(LineReader.noFileName("each.glob", pattern));
        }
        if (Files.isDirectory(root.toString().isEmpty() ? Path.of(".") : root)) {
            walk(root, Optional.empty(), this::add);
        }
        Collections.sort(found);
        return OptionalLong.of(found.size());
    }

    /** The folders that the pattern names before its first special character. */
    private String folder() {
        Matcher special = SPECIAL.matcher(pattern);
        int fixed = special.find() ? special.start() : pattern.length();
        int slash = pattern.lastIndexOf('/', fixed - 1);
        return slash < 0 ? "" : pattern.substring(0, Math.max(slash, pattern.startsWith("/") ? 1 : 0));
    }

    /**
     * The first path for which {@code isWanted} holds, of those that match and those that would match if a file with
     * the name {@code also} were there.
     *
     * <p><b>Failure.</b> {@link IOException} and {@link StartFailure} as for {@link #open}.
     */
    static Optional<Path> find(String pattern, Optional<Path> also, Predicate<Path> isWanted) throws IOException {
        Globbed files = new Globbed(pattern);
        Path root = Path.of(files.folder());
        List<Path> wanted = new ArrayList<>(1);
        if (Files.isDirectory(root.toString().isEmpty() ? Path.of(".") : root)) {
            files.walk(root, also, path -> {
                if (wanted.isEmpty() && isWanted.test(path)) {
                    wanted.add(path);
                }
            });
        }
        return wanted.stream().findFirst();
    }

    private void walk(Path root, Optional<Path> also, Consumer<Path> match) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        boolean hidden = pattern.startsWith(".") || pattern.contains("/.");
        int depth = pattern.contains("**")
                ? Integer.MAX_VALUE
                : names - (root.toString().isEmpty() ? 0 : root.getNameCount());
        Path from = root.toString().isEmpty() ? Path.of(".") : root;
        Files.walkFileTree(
                from, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Math.max(depth, 1), new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                        if (!folder.equals(from) && !isSeen(folder)) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        also.ifPresent(name -> test(folder.resolve(name)));
                        return FileVisitResult.CONTINUE;
                    }

                    private void test(Path file) {
                        Path shown = root.toString().isEmpty() ? from.relativize(file) : file;
                        if (isSeen(file) && matcher.matches(shown)) {
                            match.accept(shown);
                        }
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (Thread.currentThread().isInterrupted()) {
                            return FileVisitResult.TERMINATE;
                        }
                        if (!attributes.isDirectory()) {
                            test(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException why) {
                        if (Files.isDirectory(file)) {
                            throw new StartFailure("each.glob: the folder " + file + " can't be read");
                        }
                        return FileVisitResult.CONTINUE; // gone meanwhile, or a link to itself
                    }

                    private boolean isSeen(Path path) {
                        return hidden || !path.getFileName().toString().startsWith(".");
                    }
                });
    }

    private void add(Path file) {
        if (found.size() == MOST) {
            throw new StartFailure("each.glob: more than a million files match " + pattern + "; narrow it");
        }
        found.add(file.toString().replace(File.separatorChar, '/'));
    }

    @Override
    public @Nullable List<Raw> next() {
        if (next == found.size()) {
            return null;
        }
        int end = Math.min(next + BATCH, found.size());
        List<Raw> batch = found.subList(next, end).stream().map(Globbed::raw).toList();
        next = end;
        return batch;
    }

    private static Raw raw(String file) {
        return LocaleText.isGarbled(file)
                ? Raw.flawed(
                        file, "its name can't be read: it has bytes that are not characters here; " + LocaleText.cure())
                : Raw.of(file);
    }

    @Override
    public void close() {}
}
