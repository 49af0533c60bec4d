package io.vertask.app.job;

import io.vertask.app.job.yaml.JobErrors;
import io.vertask.testing.Jobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The job files that ship in {@code conf}. */
final class Conf {

    static final List<String> ALL = List.of(
            "conf/parallel_api.yaml",
            "conf/db_users.yaml",
            "conf/url_status.yaml",
            "conf/async_queue.yaml",
            "conf/digests.yaml",
            "conf/issues_export.yaml");

    private Conf() {}

    static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Job job(String file, String... sets) {
        return Jobs.read(file, text(file), Map.of(), List.of(sets));
    }

    /** The errors of this text. */
    static JobErrors errors(String text, String... sets) {
        return errors(text, Map.of(), sets);
    }

    static JobErrors errors(String text, Map<String, String> env, String... sets) {
        try {
            Jobs.read("job.yaml", text, env, List.of(sets));
        } catch (JobErrors errors) {
            return errors;
        }
        throw new AssertionError("this was read without an error:\n" + text);
    }

    /** A job that is right but for these lines. */
    static JobErrors errorsWith(String lines, String... sets) {
        return errors("job: j\ndo: {get: \"https://h/\"}\n" + lines, sets);
    }

    static Job read(String text, String... sets) {
        return Jobs.read("job.yaml", text, Map.of(), List.of(sets));
    }
}
