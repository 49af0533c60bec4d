package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The response statuses that are a success.
 *
 * @param codes like {@code 2xx} and {@code 404}; empty accepts any
 */
public record Accept(List<String> codes) {

    /** The default: 200 to 299. */
    public static final Accept SUCCESS = new Accept(List.of("2xx"));

    /** Every status. */
    public static final Accept ANY = new Accept(List.of());

    private static final Pattern CODE = Pattern.compile("[1-5](?:xx|[0-9][0-9])");

    public Accept {
        codes = List.copyOf(codes);
    }

    public boolean test(int status) {
        String text = Integer.toString(status);
        return codes.isEmpty()
                || codes.stream()
                        .anyMatch(code -> code.equals(text)
                                || (code.endsWith("xx") && text.length() == 3 && code.charAt(0) == text.charAt(0)));
    }

    /** Whether the file names this status or its class; {@code any} names none. */
    public boolean names(int status) {
        return !codes.isEmpty() && test(status);
    }

    /** Reads a list, or one value with commas: {@code [2xx, 404]}, {@code "2xx,404"}, {@code any}. */
    static Accept read(Fields fields) {
        YamlNode node = fields.node("accept");
        if (node == null) {
            return SUCCESS;
        }
        List<String> codes = new ArrayList<>();
        if (node instanceof Sequence sequence) {
            sequence.entries().forEach(entry -> add(entry, fields, codes));
            if (sequence.entries().isEmpty()) {
                fields.wrong("accept", node, "not empty", "like 2xx, [2xx, 404] or any");
            }
        } else if (node instanceof Scalar scalar && scalar.text().equals("any")) {
            return ANY;
        } else {
            add(node, fields, codes);
        }
        return new Accept(codes);
    }

    private static void add(YamlNode node, Fields fields, List<String> codes) {
        if (node instanceof Scalar faulty && !faulty.faults().isEmpty()) {
            return;
        }
        String[] parts =
                node instanceof Scalar scalar ? scalar.text().strip().split("\\s*,\\s*", -1) : new String[] {""};
        for (String part : parts) {
            if (!CODE.matcher(part).matches()) {
                fields.wrong("accept", node, "statuses like 2xx or 404, or any");
                return;
            }
            codes.add(part);
        }
    }
}
