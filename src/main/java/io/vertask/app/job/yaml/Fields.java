package io.vertask.app.job.yaml;

import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one map of a job file, read with their types; a value that does not fit is reported and read as the
 * default.
 *
 * <p>A misspelt key is reported and then read as the key it resembles, so the mistakes inside its value are found in
 * the same go and it is not also called missing.
 */
public final class Fields {

    private final String path;
    private final Mapping map;
    private final Mistakes mistakes;
    private final Map<String, Mapping.Entry> entries = new LinkedHashMap<>();

    private Fields(String path, Mapping map, Mistakes mistakes) {
        this.path = path;
        this.map = map;
        this.mistakes = mistakes;
    }

    /**
     * The fields of {@code map}; keys that are not among {@code known} are reported.
     *
     * @param path the map's name in messages, like {@code clients.db}; empty for the whole job
     */
    public static Fields of(Mapping map, String path, Mistakes mistakes, List<String> known) {
        Fields fields = new Fields(path, map, mistakes);
        map.entries().forEach((key, entry) -> {
            if (known.contains(key)) {
                fields.entries.put(key, entry);
            }
        });
        map.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                fields.unknown(entry, known);
            }
        });
        return fields;
    }

    private void unknown(Mapping.Entry entry, List<String> known) {
        String key = entry.key().text();
        String meant = Nearest.to(key, known);
        mistakes.point(
                entry.key().place(),
                "unknown key " + MessageText.quote(key),
                MessageText.didYouMean(meant),
                Stream.concat(
                                mistakes.home(key).filter(home -> meant == null).stream(),
                                Stream.of((path.isEmpty() ? "a job" : path) + " takes: " + MessageText.list(known)))
                        .toArray(String[]::new));
        if (meant != null) {
            entries.putIfAbsent(meant, entry);
        }
    }

    public Mistakes mistakes() {
        return mistakes;
    }

    /** The place of the whole map. */
    Place place() {
        return map.place();
    }

    public String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    public boolean has(String key) {
        return entries.containsKey(key);
    }

    /** The place of a key that is there. */
    public Place keyPlace(String key) {
        Mapping.Entry entry = entries.get(key);
        return entry == null ? map.place() : entry.key().place();
    }

    @Nullable
    public YamlNode node(String key) {
        Mapping.Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    /** Records the default of a key that is not there. */
    void assume(String key, String otherwise) {
        if (!has(key)) {
            mistakes.assume(path(key), otherwise);
        }
    }

    public void missing(String key, String why) {
        String owner = path.isEmpty() ? "the job" : MessageText.quote(path);
        mistakes.say(map.place(), owner + " has no " + MessageText.quote(key), why);
    }

    /** The scalar of this key; null when it is absent or not usable, which has then been reported. */
    @Nullable
    public Scalar scalar(String key) {
        YamlNode node = node(key);
        if (node == null) {
            return null;
        }
        if (node instanceof Scalar scalar) {
            return scalar.faults().isEmpty() ? scalar : null;
        }
        String[] fix = node instanceof Mapping
                ? new String[] {"a text with { or } needs quotes around all of it, like \"{item}\""}
                : new String[0];
        wrong(key, node, "one value, not " + node.kind(), fix);
        return null;
    }

    /** A scalar that is not empty. */
    @Nullable
    public Scalar filled(String key) {
        Scalar scalar = scalar(key);
        if (scalar != null && (scalar.isNull() || scalar.text().isBlank())) {
            wrong(key, scalar, scalar.substituted() ? "not empty, but its variable is" : "not empty");
            return null;
        }
        return scalar;
    }

    public Optional<String> text(String key) {
        Scalar scalar = filled(key);
        return scalar == null ? Optional.empty() : Optional.of(scalar.text());
    }

    /** A secret; empty when the key is absent or empty. */
    public Secret secret(String key) {
        Scalar scalar = scalar(key);
        return scalar == null || scalar.isNull() ? Secret.NONE : Secret.of(scalar.text());
    }

    public int whole(String key, int otherwise, int least, int most) {
        Scalar scalar = filled(key);
        if (scalar == null) {
            assume(key, Integer.toString(otherwise));
            return otherwise;
        }
        String range = String.format("a whole number from %d to %d", least, most);
        if (!scalar.plain() && !scalar.substituted()) {
            wrong(key, scalar, range + ", not a text", "remove the quotes");
            return otherwise;
        }
        try {
            int value = Integer.parseInt(scalar.text().strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // reported below, like a number out of range
        }
        wrong(key, scalar, range + ", not " + MessageText.quote(scalar.written()));
        return otherwise;
    }

    /** A duration longer than nothing; {@code otherwise} when the key is absent. */
    public Duration duration(String key, Duration otherwise) {
        assume(key, DurationText.format(otherwise));
        return duration(key, "leave the key out for " + DurationText.format(otherwise))
                .orElse(otherwise);
    }

    /** A duration longer than nothing. */
    public Optional<Duration> duration(String key) {
        return duration(key, "leave the key out for no limit");
    }

    private Optional<Duration> duration(String key, String orElse) {
        Scalar scalar = filled(key);
        if (scalar == null) {
            return Optional.empty();
        }
        try {
            Duration duration = DurationText.parse(scalar.text());
            if (!duration.isZero()) {
                return Optional.of(duration);
            }
            wrong(key, scalar, "longer than zero", orElse);
        } catch (IllegalArgumentException e) {
            String shown = MessageText.quote(scalar.written());
            String fix = scalar.substituted() ? "write it like 500ms, 10s, 1m30s" : String.valueOf(e.getMessage());
            wrong(key, scalar, "a duration, not " + shown, fix);
        }
        return Optional.empty();
    }

    /** A size in bytes, from 1 to {@code most}. */
    public OptionalLong size(String key, long most) {
        Scalar scalar = filled(key);
        if (scalar == null) {
            return OptionalLong.empty();
        }
        String shown = MessageText.quote(scalar.written());
        try {
            long size = SizeText.parse(scalar.text());
            if (size >= 1 && size <= most) {
                return OptionalLong.of(size);
            }
            wrong(key, scalar, "a size from 1B to " + SizeText.format(most) + ", not " + shown);
        } catch (IllegalArgumentException e) {
            String fix = scalar.substituted() ? "write it like 500kB, 10MB" : String.valueOf(e.getMessage());
            wrong(key, scalar, "a size, not " + shown, fix);
        }
        return OptionalLong.empty();
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String key) {
        Scalar scalar = filled(key);
        if (scalar == null) {
            return false;
        }
        if (!scalar.text().equals("true") && !scalar.text().equals("false")) {
            wrong(key, scalar, "true or false, not " + MessageText.quote(scalar.written()));
        }
        return scalar.text().equals("true");
    }

    /** One of an enum's constants, written in small letters. */
    public <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        Scalar scalar = filled(key);
        if (scalar == null) {
            assume(key, otherwise.name().toLowerCase(Locale.ROOT));
            return otherwise;
        }
        E[] all = type.getEnumConstants();
        List<String> words =
                Stream.of(all).map(one -> one.name().toLowerCase(Locale.ROOT)).toList();
        int index = words.indexOf(scalar.text());
        if (index >= 0) {
            return all[index];
        }
        String meant = scalar.substituted() ? null : Nearest.to(scalar.text(), words);
        mistakes.point(
                scalar.place(),
                path(key) + " cannot be " + MessageText.quote(scalar.written()),
                MessageText.didYouMean(meant),
                key + " is one of: " + MessageText.list(words));
        return otherwise;
    }

    /** The map of this key; null when it is absent or not a map, which has then been reported. */
    @Nullable
    public Mapping map(String key) {
        YamlNode node = node(key);
        if (node == null || node instanceof Mapping) {
            return (Mapping) node;
        }
        boolean empty = node instanceof Scalar scalar && scalar.isNull();
        if (node instanceof YamlNode.Sequence) {
            wrong(key, node, "a map, not a list", "write it like {name: value}");
        } else {
            wrong(key, node, empty ? "a map, but it is empty" : "a map, not " + node.kind());
        }
        return null;
    }

    /** The fields of the map of this key, none of them when there is no such map. */
    public Fields section(String key, List<String> known) {
        Fields inner = fields(key, known);
        return inner != null ? inner : of(new Mapping(map.place(), Map.of(), List.of()), path(key), mistakes, known);
    }

    /** The fields of the map of this key; null when there is no such map. */
    @Nullable
    public Fields fields(String key, List<String> known) {
        Mapping inner = map(key);
        return inner == null ? null : of(inner, path(key), mistakes, known);
    }

    public void wrong(String key, YamlNode node, String must, String... hints) {
        mistakes.show(node.place(), path(key) + " must be " + must, hints);
    }
}
