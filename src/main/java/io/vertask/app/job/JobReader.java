package io.vertask.app.job;

import io.vertask.app.job.template.Names;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.yaml.Effective;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.Forms;
import io.vertask.app.job.yaml.JobErrors;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Mistakes;
import io.vertask.app.job.yaml.Overrides;
import io.vertask.app.job.yaml.Setting;
import io.vertask.app.job.yaml.Source;
import io.vertask.app.job.yaml.Variables;
import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and checks job files. It opens nothing: the text, the environment and the overrides are given. */
public final class JobReader {

    private static final List<String> KEYS =
            List.of("job", "clients", "each", "queue", "do", "print", "into", "limits", "on_error");

    private final Forms<Step.Form> steps;

    private JobReader(Forms<Step.Form> steps) {
        this.steps = steps;
    }

    /** The reader of job files whose section {@code do} has one of these forms. */
    public static JobReader of(List<? extends Step.Form> steps) {
        return new JobReader(new Forms<>(List.copyOf(steps)));
    }

    /**
     * The job that {@code text} describes.
     *
     * <p><b>Failure.</b> {@link JobErrors} with every mistake, each with its place.
     *
     * @param file the file's name for messages
     * @param env where {@code ${VAR}} is looked up
     * @param sets overrides like {@code limits.concurrency=4}, the last one wins
     */
    public Job read(String file, String text, Map<String, String> env, List<String> sets) {
        return readWith(file, text, env, sets.stream().map(Setting::set).toList());
    }

    /** As {@link #read}, with values from flags and the environment too. */
    public Job readWith(String file, String text, Map<String, String> env, List<Setting> sets) {
        return reading(file, text, env, sets, List.of()).job();
    }

    /**
     * As {@link #readWith}, with the words of a command line as the items in place of {@code each}; none of them: the
     * items are those of the file.
     */
    public Job readWith(String file, String text, Map<String, String> env, List<Setting> sets, List<String> items) {
        return reading(file, text, env, sets, items).job();
    }

    /**
     * The job as it would run, in YAML: the file, the overrides and the defaults, each value with its origin; secrets
     * are hidden.
     *
     * <p><b>Failure.</b> As {@link #read}.
     */
    public List<String> effective(String file, String text, Map<String, String> env, List<Setting> sets) {
        Reading reading = reading(file, text, env, sets, List.of());
        return Effective.lines(file, reading.whole(), reading.assumed());
    }

    /** The JSON Schema of job files, for editors: it has every key, but not the rules that only this reader checks. */
    public String schema() {
        return JobSchema.of(steps).encodePrettily();
    }

    private record Reading(Job job, YamlNode whole, Map<String, String> assumed) {}

    private Reading reading(String file, String text, Map<String, String> env, List<Setting> sets, List<String> items) {
        Source source = Source.of(file, text);
        Mistakes mistakes = new Mistakes(source);
        mistakes.belong(Limits.KEYS, "`limits`");
        mistakes.belong(KEYS, "the job itself, at the left margin");
        YamlNode root = YamlText.read(text, env, mistakes);
        if (root == null) {
            throw mistakes.errors();
        }
        source.parsed(root);
        YamlNode whole = new Overrides(env, mistakes).apply(root, sets);
        Variables.report(whole, mistakes);
        Job job = whole instanceof Mapping map ? job(file, map, mistakes, items) : notAMap(whole, mistakes);
        if (job == null || mistakes.any()) {
            throw mistakes.errors();
        }
        return new Reading(items.isEmpty() ? job : job.withItems(items), whole, mistakes.assumed());
    }

    private static @Nullable Job notAMap(YamlNode root, Mistakes mistakes) {
        boolean empty = root instanceof YamlNode.Scalar scalar && scalar.isNull();
        mistakes.show(
                root.place(),
                empty ? "the job is empty" : "a job must be a map, not " + root.kind(),
                "a job takes: " + MessageText.list(KEYS));
        return null;
    }

    /** A new section is a file with its own {@code read}, one line here and its key in {@link #KEYS}. */
    private @Nullable Job job(String file, Mapping map, Mistakes mistakes, List<String> items) {
        Fields job = Fields.of(map, "", mistakes, KEYS);
        if (!job.has("job")) {
            job.missing("job", "it is the job's name, like job: nightly-export");
        }
        Optional<String> name = job.text("job");
        Clients clients = Clients.read(job);
        Each each = Each.read(job, clients);
        Names item = Names.ofItem(items.isEmpty() ? each.itemFields() : Set.of());
        Step step = step(job, clients, item);
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

    /** The section {@code do}; null when it can't be read, which has then been reported. */
    private @Nullable Step step(Fields job, Clients clients, Names names) {
        Mapping mapping = job.map("do");
        if (mapping == null) {
            if (!job.has("do")) {
                job.missing("do", "it says what to do with each item, like do: {get: \"https://example.com/{item}\"}");
            }
            return null;
        }
        Fields fields = Fields.of(mapping, "do", job.mistakes(), steps.keys());
        Forms.Chosen<Step.Form> chosen = steps.choose(fields, "do");
        return chosen == null ? null : chosen.form().read(chosen.head(), fields, clients, names);
    }
}
