package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    /** Without 401, and without 408, 425 and 429, which are tried again. */
    private static final Pattern NO_SUCH_PAGE = Pattern.compile("204|4xx|4(?!01|08|25|29)[0-9][0-9]");

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
        return node instanceof Scalar scalar && scalar.text().equals("any")
                ? ANY
                : new Accept(codes(node, fields, "accept", CODE, "statuses like 2xx or 404, or any"));
    }

    /**
     * Reads the statuses that mean that there is no such page; empty when the key can't be read, which has then been
     * reported. A class never stands for a refused login, or for a status that may be different the next time.
     */
    static Optional<Accept> ofLastPage(Fields fields, String key) {
        YamlNode node = fields.node(key);
        List<String> codes = node == null
                ? List.of()
                : codes(node, fields, key, NO_SUCH_PAGE, "statuses that mean that there is no such page, like 404");
        List<String> all = codes.stream()
                .flatMap(code -> code.equals("4xx")
                        ? IntStream.range(400, 500)
                                .mapToObj(Integer::toString)
                                .filter(one -> NO_SUCH_PAGE.matcher(one).matches())
                        : Stream.of(code))
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(new Accept(all));
    }

    private static List<String> codes(YamlNode node, Fields fields, String key, Pattern allowed, String what) {
        List<String> codes = new ArrayList<>();
        if (node instanceof Sequence sequence) {
            sequence.entries().forEach(entry -> add(entry, fields, key, allowed, what, codes));
            if (sequence.entries().isEmpty()) {
                fields.wrong(key, node, "not empty; it takes " + what);
            }
        } else {
            add(node, fields, key, allowed, what, codes);
        }
        return codes;
    }

    private static void add(
            YamlNode node, Fields fields, String key, Pattern allowed, String what, List<String> codes) {
        if (node instanceof Scalar faulty && !faulty.faults().isEmpty()) {
            return;
        }
        String[] parts =
                node instanceof Scalar scalar ? scalar.text().strip().split("\\s*,\\s*", -1) : new String[] {""};
        for (String part : parts) {
            if (!allowed.matcher(part).matches()) {
                fields.wrong(key, node, what);
                return;
            }
            codes.add(part);
        }
    }
}
