package io.vertask.app.job;

import io.vertask.app.job.Node.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and checks a job file. It opens nothing: the text, the environment and the overrides are given. */
public final class JobReader {

    private static final List<String> KEYS =
            List.of("job", "clients", "each", "queue", "do", "print", "into", "limits", "on_error");

    private JobReader() {}

    /**
     * The job that {@code text} describes.
     *
     * <p><b>Failure.</b> {@link JobErrors} with every mistake there is, each with its place.
     *
     * @param file the file's name for messages
     * @param env where {@code ${VAR}} is looked up
     * @param sets overrides like {@code limits.concurrency=4}, the last one wins
     */
    public static Job read(String file, String text, Map<String, String> env, List<String> sets) {
        return readWith(file, text, env, sets.stream().map(Setting::set).toList());
    }

    /** As {@link #read}, with values from flags and the environment too. */
    public static Job readWith(String file, String text, Map<String, String> env, List<Setting> sets) {
        return reading(file, text, env, sets).job();
    }

    /**
     * The job as it would run: the file with everything laid over it and the defaults, each value with where it came
     * from; YAML, secrets hidden.
     *
     * <p><b>Failure.</b> As {@link #read}.
     */
    public static List<String> effective(String file, String text, Map<String, String> env, List<Setting> sets) {
        Reading reading = reading(file, text, env, sets);
        return Effective.lines(file, reading.whole(), reading.assumed());
    }

    /** The JSON Schema of job files, for editors: it knows every key, but not what only this reader can tell. */
    public static String schema() {
        try (InputStream in = Objects.requireNonNull(JobReader.class.getResourceAsStream("job.schema.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Reading(Job job, Node whole, Map<String, String> assumed) {}

    private static Reading reading(String file, String text, Map<String, String> env, List<Setting> sets) {
        Source source = Source.of(file, text);
        Mistakes mistakes = new Mistakes(source);
        Node root = YamlText.read(text, env, mistakes);
        if (root == null) {
            throw mistakes.errors();
        }
        source.parsed(root);
        Node whole = new Overrides(env, mistakes).apply(root, sets);
        Variables.report(whole, mistakes);
        Job job = whole instanceof Mapping map ? job(file, map, mistakes) : notAMap(whole, mistakes);
        if (job == null || mistakes.any()) {
            throw mistakes.errors();
        }
        return new Reading(job, whole, mistakes.assumed());
    }

    private static @Nullable Job notAMap(Node root, Mistakes mistakes) {
        boolean empty = root instanceof Node.Scalar scalar && scalar.isNull();
        mistakes.show(
                root.place(),
                empty ? "the job is empty" : "a job must be a map, not " + root.kind(),
                "a job takes: " + Words.list(KEYS));
        return null;
    }

    /** A new section is a file with its own {@code read}, one line here and its key in {@link #KEYS}. */
    private static @Nullable Job job(String file, Mapping map, Mistakes mistakes) {
        Fields job = Fields.of(map, "", mistakes, KEYS);
        if (!job.has("job")) {
            job.missing("job", "it is the job's name, like job: nightly-export");
        }
        Optional<String> name = job.text("job");
        Clients clients = Clients.read(job);
        Each each = Each.read(job, clients);
        Names item = Names.ofItem(each.itemFields());
        Step step = Step.read(job, clients, item);
        Names answer = step == null ? item.opened() : step.names(item);
        Optional<Template> print = TemplateReader.of(job, "print", answer).text(job.filled("print"));
        Optional<Into> into = Into.read(job, clients, step);
        Optional<QueueConfig> queue = QueueConfig.read(job);
        Limits limits = Limits.read(job, queue);
        OnError onError = job.choice("on_error", OnError.class, OnError.VALUE);
        return step == null || name.isEmpty()
                ? null
                : new Job(
                        file,
                        name.get(),
                        clients.byName(),
                        each,
                        queue,
                        step,
                        Fingerprint.of(job.node("do"), job.node("into")),
                        print,
                        into,
                        limits,
                        onError);
    }
}
