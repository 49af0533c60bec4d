package io.vertask.app.ledger;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code run.json}: the facts of a run, without secrets.
 *
 * @param run the short name of the run and of its folder
 * @param file the job file, as the command line named it
 * @param fingerprint of the section {@code do}; behind a slash, of {@code into}
 * @param began the start of its latest process
 * @param exit the exit code of that process; empty while it runs, and after it was killed
 */
record RunInfo(
        String run, String job, String file, String fingerprint, String version, Instant began, OptionalInt exit) {

    static final String NAME = "run.json";

    /** Whether the run has ended with all items done, failed ones included. */
    boolean isFinished() {
        return exit.isPresent() && exit.getAsInt() <= 1;
    }

    RunInfo ended(int code) {
        return new RunInfo(run, job, file, fingerprint, version, began, OptionalInt.of(code));
    }

    RunInfo goesOn(String jobFile, Instant now) {
        return new RunInfo(run, job, jobFile, fingerprint, version, now, OptionalInt.empty());
    }

    /** Reads the run of a folder; empty when the folder is no run or its file can't be read. */
    static Optional<RunInfo> read(Path folder) {
        return read(folder, "");
    }

    /** Reads the run of a folder when it is one of {@code job}; files of other jobs are not parsed, to be fast. */
    static Optional<RunInfo> readOf(String job, Path folder) {
        return read(folder, Json.encode(job)).filter(run -> run.job().equals(job));
    }

    private static Optional<RunInfo> read(Path folder, String part) {
        try {
            String text = Files.readString(folder.resolve(NAME));
            if (!text.contains(part)) {
                return Optional.empty();
            }
            JsonObject json = new JsonObject(text);
            Integer exit = json.getInteger("exit");
            return Optional.of(new RunInfo(
                    String.valueOf(folder.getFileName()),
                    text(json, "job"),
                    text(json, "file"),
                    text(json, "do"),
                    text(json, "version"),
                    Instant.parse(text(json, "began")),
                    exit == null ? OptionalInt.empty() : OptionalInt.of(exit)));
        } catch (IOException | DecodeException | ClassCastException | DateTimeException none) {
            return Optional.empty();
        }
    }

    private static String text(JsonObject json, String key) {
        @Nullable String value = json.getString(key);
        return value == null ? "" : value;
    }

    /** Replaces the file in one step, so that a reader never sees half of it. */
    void write(Path folder) throws IOException {
        JsonObject json = new JsonObject()
                .put("run", run)
                .put("job", job)
                .put("file", file)
                .put("do", fingerprint)
                .put("version", version)
                .put("began", began.toString());
        exit.ifPresent(code -> json.put("exit", code));
        Path fresh = folder.resolve(NAME + ".new");
        Files.write(fresh, (json.encode() + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            Files.move(fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException rare) {
            Files.move(fresh, folder.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
