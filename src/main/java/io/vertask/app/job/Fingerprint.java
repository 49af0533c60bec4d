package io.vertask.app.job;

import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A hash of the meaning of a section: comments, layout and the order of keys do not change it.
 *
 * <p>It is taken from the file's text, with {@code ${VAR}} and not the variable's value: it holds no secret, and a new
 * token does not change it.
 */
final class Fingerprint {
    private static final int BYTES = 16;

    private Fingerprint() {}

    /**
     * The fingerprint of {@code step} without its key {@code retry_unsafe}, and behind a slash that of {@code into}
     * without its key {@code create}.
     */
    static String of(@Nullable YamlNode step, @Nullable YamlNode into) {
        StringBuilder text = new StringBuilder();
        if (step instanceof Mapping mapping) {
            write(mapping, "retry_unsafe", text);
        } else if (step != null) {
            write(step, text);
        }
        String first = hash(text);
        if (!(into instanceof Mapping mapping)) {
            return first;
        }
        StringBuilder second = new StringBuilder();
        new TreeMap<>(mapping.entries()).forEach((key, entry) -> {
            if (!key.equals("create")) {
                second.append("into.").append(key).append(": ");
                write(entry.value(), second);
            }
        });
        return first + "/" + hash(second);
    }

    private static String hash(StringBuilder text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every Java has SHA-256", never);
        }
    }

    private static void write(YamlNode node, StringBuilder text) {
        if (node instanceof Scalar scalar) {
            Object value = scalar.substituted() ? scalar.written() : scalar.value();
            text.append(value == null ? "null" : Json.encode(value)).append(' ');
        } else if (node instanceof Sequence sequence) {
            text.append("[ ");
            sequence.entries().forEach(entry -> write(entry, text));
            text.append("] ");
        } else if (node instanceof Mapping mapping) {
            write(mapping, "", text);
        }
    }

    private static void write(Mapping mapping, String without, StringBuilder text) {
        text.append("{ ");
        for (Map.Entry<String, Mapping.Entry> entry : new TreeMap<>(mapping.entries()).entrySet()) {
            if (!entry.getKey().equals(without)) {
                text.append(Json.encode(entry.getKey())).append(": ");
                write(entry.getValue().value(), text);
            }
        }
        text.append("} ");
    }
}
