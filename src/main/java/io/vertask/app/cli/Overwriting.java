package io.vertask.app.cli;

import io.vertask.app.feed.Feed;
import io.vertask.app.job.ClientConfig;
import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.job.Items;
import io.vertask.app.job.Job;
import io.vertask.app.job.PostgresConfig;
import io.vertask.app.output.FileIdentity;
import io.vertask.app.output.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The search for a file that a run reads and its results would overwrite. Files are compared by their identity, so a
 * link, a hard link and a redirection are found too.
 */
final class Overwriting {
    /** The name that messages give to a job that is read from stdin. */
    private static final String STDIN = "stdin";

    private static final List<String> VARIABLES =
            List.of("PGPASSFILE", "PGSERVICEFILE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY");
    private static final List<String> HOME_FILES = List.of(
            ".pgpass",
            ".pg_service.conf",
            ".postgresql/root.crt",
            ".postgresql/postgresql.crt",
            ".postgresql/postgresql.key");
    private static final Pattern IN_URI = Pattern.compile("[?&](passfile|sslrootcert|sslcert|sslkey)=([^&]*)");

    private final Job job;
    private final Path ledger;
    private final Map<String, String> env;

    private Overwriting(Job job, Path ledger, Map<String, String> env) {
        this.job = job;
        this.ledger = ledger;
        this.env = env;
    }

    /**
     * The message about such a file; empty when there is none. Opens nothing. {@code ledger}: the folder of the runs.
     */
    static Optional<String> of(Output output, Job job, Path ledger, Map<String, String> env) {
        Overwriting search = new Overwriting(job, ledger, env);
        if (output.file().isPresent()) {
            Path out = output.file().get();
            return FileIdentity.of(out)
                    .flatMap(file ->
                            search.inputs(file).or(() -> search.matches(file)).or(() -> search.ofLedger(file, out)))
                    .map(what -> "--out " + out + ": the results would overwrite " + what + "; name another file");
        }
        // a shell may have opened the file that stdout goes to
        return descriptor(1)
                .flatMap(FileIdentity::of)
                .flatMap(search::inputs)
                .map(what -> "the results on stdout would overwrite " + what + "; send them to another file");
    }

    private static Optional<Path> descriptor(int number) {
        return Stream.of("/proc/self/fd/", "/dev/fd/")
                .map(folder -> Path.of(folder + number))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private Optional<String> inputs(FileIdentity out) {
        Map<String, Path> inputs = new LinkedHashMap<>();
        if (job.file().equals(STDIN) || job.each().items() instanceof Items.Stdin) {
            descriptor(0).ifPresent(stdin -> inputs.put("the file that stdin comes from", stdin));
        }
        if (!job.file().equals(STDIN)) {
            add(inputs, job.file() + ", the job itself", job.file());
        }
        if (job.each().items() instanceof Items.File file) {
            add(inputs, file.path() + ", which each.file reads", file.path());
        }
        job.clients().values().forEach(client -> add(inputs, client));
        return inputs.entrySet().stream()
                .filter(input -> is(input.getValue(), out))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void add(Map<String, Path> inputs, ClientConfig client) {
        String by = ", which clients." + client.name() + " reads";
        if (client instanceof HttpClientConfig http) {
            http.ca().ifPresent(ca -> add(inputs, ca + by, ca));
        } else if (client instanceof PostgresConfig postgres) {
            Matcher named = IN_URI.matcher(postgres.dsn().reveal());
            while (named.find()) {
                add(inputs, decoded(named.group(2)) + by, decoded(named.group(2)));
            }
            VARIABLES.forEach(name -> add(inputs, env.get(name) + by, env.getOrDefault(name, "")));
            HOME_FILES.forEach(name -> add(inputs, "~/" + name + by, System.getProperty("user.home") + "/" + name));
        }
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException oddPercent) {
            return "";
        }
    }

    private static void add(Map<String, Path> inputs, String what, String path) {
        try {
            if (!path.isEmpty()) {
                inputs.put(what, Path.of(path));
            }
        } catch (InvalidPathException none) {
            // who reads it will say so
        }
    }

    private static boolean is(Path path, FileIdentity out) {
        return FileIdentity.of(path).filter(out::isSame).isPresent();
    }

    private Optional<String> matches(FileIdentity file) {
        return job.each().items() instanceof Items.Glob glob
                ? Feed.find(glob, Optional.ofNullable(file.place().getFileName()), path -> is(path, file))
                        .map(path -> path + ", which each.glob matches")
                : Optional.empty();
    }

    private Optional<String> ofLedger(FileIdentity file, Path out) {
        Optional<FileIdentity> folder = FileIdentity.of(ledger);
        if (folder.isPresent() && file.place().startsWith(folder.get().place())) {
            return Optional.of("the records of runs in " + ledger);
        }
        if (!hasOtherNames(out)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.find(ledger, 2, (path, found) -> found.isRegularFile())) {
            return files.filter(path -> is(path, file))
                    .map(path -> path + ", a record of a run")
                    .findFirst();
        } catch (IOException | UncheckedIOException none) {
            return Optional.empty();
        }
    }

    private static boolean hasOtherNames(Path file) {
        try {
            Object links = Files.getAttribute(file, "unix:nlink");
            return !(links instanceof Integer number) || number > 1;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notThere) {
            return false;
        }
    }
}
