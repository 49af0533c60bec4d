package io.vertask.app.cli;

import io.vertask.app.job.Job;
import io.vertask.app.job.JobErrors;
import io.vertask.app.job.JobReader;
import io.vertask.app.run.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run JOB.yaml [ITEM...]}: reads a job and runs it. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        headerHeading = "Examples:%n"
                + "  ./run.sh conf/parallel_api.yaml                       the file's items%n"
                + "  ./run.sh conf/parallel_api.yaml eclipse/jetty -c 2    this one instead%n"
                + "%n",
        header = "Runs a job.",
        description = "The items come from the file, or from the command line.")
final class RunVerb implements Callable<Integer> {
    /** Larger files are no job files; JobReader has the exact limit and its message. */
    private static final int MOST_BYTES = 16 << 20;

    @Parameters(index = "0", paramLabel = "JOB.yaml", description = "the job file; - reads it from stdin")
    private String file = "-";

    @Parameters(index = "1..*", paramLabel = "ITEM", description = "items that replace the file's `each`")
    private List<String> items = new ArrayList<>();

    @Option(names = "-c", paramLabel = "N", description = "how many items at once (limits.concurrency)")
    private @Nullable String concurrency;

    @Option(names = "--timeout", paramLabel = "TIME", description = "for one attempt, like 10s (limits.timeout)")
    private @Nullable String timeout;

    @Option(names = "--deadline", paramLabel = "TIME", description = "for the whole job, like 30m (limits.deadline)")
    private @Nullable String deadline;

    @Option(names = "--retries", paramLabel = "N", description = "attempts after the first (limits.retries)")
    private @Nullable String retries;

    @Option(
            names = "--allow-failures",
            paramLabel = "N|N%",
            description = "failed items that still make a success (limits.allow_failures)")
    private @Nullable String allowFailures;

    @Option(names = "--set", paramLabel = "A.B=C", description = "replaces one value of the file; may be repeated")
    private List<String> sets = new ArrayList<>();

    @Option(
            names = {"-q", "--quiet"},
            description = "results only, no summary")
    private boolean quiet;

    @Override
    public Integer call() {
        String text;
        try {
            text = read();
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return ExitCode.USAGE.code();
        }
        Job job;
        try {
            Job read = JobReader.read(file.equals("-") ? "stdin" : file, text, System.getenv(), overrides());
            job = items.isEmpty() ? read : read.withItems(items);
        } catch (JobErrors mistakes) {
            System.err.println(mistakes.getMessage());
            return ExitCode.USAGE.code();
        }
        return Session.run(session -> session.run(job, quiet)).code();
    }

    private List<String> overrides() {
        List<String> all = new ArrayList<>(sets);
        flag(all, "limits.concurrency", concurrency);
        flag(all, "limits.timeout", timeout);
        flag(all, "limits.deadline", deadline);
        flag(all, "limits.retries", retries);
        flag(all, "limits.allow_failures", allowFailures);
        return all;
    }

    private static void flag(List<String> sets, String key, @Nullable String value) {
        if (value != null) {
            sets.add(key + "=" + value);
        }
    }

    private String read() throws IOException {
        if (file.equals("-")) {
            return text(System.in.readNBytes(MOST_BYTES));
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new IOException(file + " is a folder, not a job file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return text(in.readNBytes(MOST_BYTES));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file + "; `./run.sh --help` lists the verbs", e);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new IOException(file + " can't be read: permission denied", e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
