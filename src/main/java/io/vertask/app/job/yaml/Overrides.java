package io.vertask.app.job.yaml;

import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lays the settings of the command line and the environment over the file's tree, before anything is checked.
 *
 * <p>A value that begins with a bracket, a brace or a quote is YAML; any other is one plain word, taken whole, so that
 * {@code #} and {@code :} need no quoting. {@code {item}} is the text it looks like, not a map.
 */
public final class Overrides {

    private final Map<String, String> env;
    private final Mistakes mistakes;

    public Overrides(Map<String, String> env, Mistakes mistakes) {
        this.env = env;
        this.mistakes = mistakes;
    }

    public YamlNode apply(YamlNode root, List<Setting> sets) {
        YamlNode result = root;
        for (Setting set : sets) {
            result = apply(result, set);
        }
        return result;
    }

    private YamlNode apply(YamlNode root, Setting set) {
        List<String> path = set.keys();
        Place place = Place.of(set);
        if (!set.assigns() || path.contains("")) {
            mistakes.show(place, "a path of keys and a value are needed", "like --set limits.concurrency=4");
            return root;
        }
        YamlNode value = value(set.value(), place);
        return value == null ? root : put(root, path, 0, value, place);
    }

    private @Nullable YamlNode value(String text, Place place) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || "[{\"'".indexOf(trimmed.charAt(0)) < 0) {
            return Variables.replace(place, trimmed, true, env);
        }
        if (trimmed.charAt(0) != '{') {
            return YamlText.readSet(trimmed, env, mistakes, place);
        }
        Mistakes unread = new Mistakes(Source.of("", ""));
        YamlNode node = YamlText.readSet(trimmed, env, unread, place);
        boolean isMap = node instanceof Mapping mapping
                && mapping.entries().values().stream().anyMatch(Overrides::filled);
        return isMap || trimmed.equals("{}")
                ? YamlText.readSet(trimmed, env, mistakes, place)
                : Variables.replace(place, trimmed, false, env);
    }

    private static boolean filled(Mapping.Entry entry) {
        return !(entry.value() instanceof Scalar scalar) || !scalar.written().isEmpty() || !scalar.plain();
    }

    private YamlNode put(YamlNode node, List<String> path, int depth, YamlNode value, Place place) {
        if (depth == path.size()) {
            return value;
        }
        if (!(node instanceof Mapping mapping)) {
            String before = String.join(".", path.subList(0, depth));
            mistakes.show(
                    place,
                    (before.isEmpty() ? "the job" : MessageText.quote(before)) + " is " + node.kind() + ", not a map",
                    "set it whole: --set " + (before.isEmpty() ? "job" : before) + "={...}");
            return node;
        }
        String name = path.get(depth);
        Mapping.Entry old = mapping.entries().get(name);
        boolean absent = old == null || (old.value() instanceof Scalar scalar && scalar.isNull());
        YamlNode inner = absent || old == null ? new Mapping(place, Map.of(), List.of()) : old.value();
        Scalar key = old == null ? new Scalar(place, name, name, true, List.of()) : old.key();
        return mapping.with(new Mapping.Entry(key, put(inner, path, depth + 1, value, place)));
    }
}
