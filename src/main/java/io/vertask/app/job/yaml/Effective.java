package io.vertask.app.job.yaml;

import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import io.vertx.core.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The merged job as YAML, every value with its origin as a comment. */
public final class Effective {
    private static final int COMMENT_COLUMN = 48;
    private static final int MOST_ENTRIES = 20;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern SECRET_NAME = Pattern.compile("TOKEN|SECRET|PASS|KEY|AUTH|CREDENTIAL");

    /** A value and its origin. */
    private record Leaf(String text, String origin) {}

    private final String file;
    private final List<String> lines = new ArrayList<>();

    private Effective(String file) {
        this.file = file;
    }

    public static List<String> lines(String file, YamlNode whole, Map<String, String> assumed) {
        Effective effective = new Effective(file);
        Map<String, Object> tree = effective.map((Mapping) whole, List.of());
        assumed.forEach((path, value) -> put(tree, List.of(path.split("\\.", -1)), new Leaf(value, "default")));
        effective.print(tree, 0);
        return effective.lines;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> tree, List<String> path, Leaf leaf) {
        if (path.size() == 1) {
            tree.putIfAbsent(path.get(0), leaf);
            return;
        }
        Object inner = tree.computeIfAbsent(path.get(0), key -> new LinkedHashMap<>());
        if (inner instanceof Map<?, ?> map) {
            put((Map<String, Object>) map, path.subList(1, path.size()), leaf);
        }
    }

    private Map<String, Object> map(Mapping mapping, List<String> path) {
        Map<String, Object> tree = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> {
            List<String> inner = new ArrayList<>(path);
            inner.add(name);
            tree.put(name, value(entry.value(), inner));
        });
        return tree;
    }

    private Object value(YamlNode node, List<String> path) {
        if (node instanceof Scalar scalar) {
            return new Leaf(text(scalar, path), origin(scalar.place(), scalar.written()));
        }
        if (node instanceof Mapping mapping) {
            return mapping.entries().isEmpty() ? new Leaf("{}", origin(mapping.place(), "")) : map(mapping, path);
        }
        List<YamlNode> entries = ((Sequence) node).entries();
        if (entries.isEmpty()) {
            return new Leaf("[]", origin(node.place(), ""));
        }
        return entries.stream().map(entry -> value(entry, path)).toList();
    }

    private String origin(Place place, String written) {
        Setting set = place.set();
        StringBuilder origin = new StringBuilder(set != null ? set.origin() : file + ":" + place.line());
        Matcher variable = VARIABLE.matcher(written);
        while (variable.find()) {
            origin.append(", ").append(variable.group(1));
        }
        return origin.toString();
    }

    /** A variable's value is shown unless its key or its name looks like a secret's. */
    private static String text(Scalar scalar, List<String> path) {
        boolean secretVariable =
                scalar.substituted() && SECRET_NAME.matcher(scalar.written()).find();
        if (scalar.text().isEmpty()) {
            return "\"\"";
        }
        if (secretVariable || !SecretText.isOpen(path)) {
            return Secret.MASK;
        }
        String safe = MessageText.visible(SecretText.withoutPasswords(scalar.text()));
        return scalar.plain() && !scalar.substituted() && safe.equals(scalar.text()) ? safe : Json.encode(safe);
    }

    private void print(Map<?, ?> tree, int depth) {
        tree.forEach((name, value) -> print(key(String.valueOf(name)) + ":", Objects.requireNonNull(value), depth));
    }

    private void print(String before, Object value, int depth) {
        String indent = "  ".repeat(depth);
        if (value instanceof Leaf leaf) {
            String line = indent + before + " " + leaf.text();
            lines.add(line + " ".repeat(Math.max(2, COMMENT_COLUMN - line.codePointCount(0, line.length()))) + "# "
                    + leaf.origin());
        } else if (value instanceof Map<?, ?> map) {
            lines.add(indent + before);
            print(map, depth + 1);
        } else {
            List<?> list = (List<?>) value;
            lines.add(indent + before);
            list.stream().limit(MOST_ENTRIES).forEach(entry -> print("  -", Objects.requireNonNull(entry), depth));
            if (list.size() > MOST_ENTRIES) {
                lines.add(indent + "  # and " + (list.size() - MOST_ENTRIES) + " more");
            }
        }
    }

    private static String key(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_.-]*") ? name : Json.encode(MessageText.visible(name));
    }
}
