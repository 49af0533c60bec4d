package io.vertask.app.job;

import io.vertask.app.job.template.Names;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Place;
import io.vertask.app.job.yaml.Secret;
import io.vertask.app.job.yaml.SecretText;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The request headers that a step names, in the file's order. */
public record Headers(List<Header> all) {

    /** No headers. */
    public static final Headers NONE = new Headers(List.of());

    /** One header; it is left out for an item whose value is empty. */
    public record Header(String name, Template value) {
        /** Whether the value may be a secret. */
        public boolean isSecret() {
            return Headers.isSecret(name);
        }

        @Override
        public String toString() {
            return name + ": " + (isSecret() ? Secret.MASK : value);
        }
    }

    /** RFC 9110, 5.6.2. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /** The headers that only the connection itself may set. */
    private static final Set<String> OURS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    public Headers {
        all = List.copyOf(all);
    }

    /** Whether a header of this name may be a secret. */
    public static boolean isSecret(String name) {
        return SecretText.isSecretHeader(name);
    }

    /** The secrets of a header: its value, and the value without the scheme before it. */
    static Stream<Secret> hidden(String name, String value) {
        return isSecret(name)
                ? Stream.of(value, value.replaceFirst("^\\S+ (?=\\S+$)", "")).map(Secret::of)
                : Stream.empty();
    }

    /** The secrets of the headers that are the same for each item. */
    Stream<Secret> hidden() {
        TemplateScope nothing = TemplateScope.of(null);
        return all.stream()
                .filter(header -> header.value().paths().isEmpty())
                .flatMap(header -> hidden(header.name(), header.value().render(nothing)));
    }

    /** Reads the headers of a step, which are made for each item. */
    static Headers read(Fields fields, Names names) {
        List<Header> all = new ArrayList<>();
        each(
                fields,
                (name, value) -> TemplateReader.of(fields, "headers." + name, names)
                        .text(value)
                        .ifPresent(template -> all.add(new Header(name, template))));
        return new Headers(all);
    }

    /** Reads the headers of a client, the same for every request; all of them are treated as secrets. */
    static Map<String, Secret> secrets(Fields fields) {
        Map<String, Secret> all = new LinkedHashMap<>();
        each(fields, (name, value) -> {
            if (value.text().chars().anyMatch(c -> c < ' ' || c > '~')) {
                fields.wrong("headers." + name, value, "printable ASCII characters without line breaks");
            } else if (!value.text().isEmpty()) {
                all.put(name, Secret.of(value.text()));
            }
        });
        return all;
    }

    private static void each(Fields fields, BiConsumer<String, Scalar> reader) {
        Mapping mapping = fields.map("headers");
        if (mapping == null) {
            return;
        }
        Set<String> seen = new HashSet<>();
        mapping.entries().forEach((name, entry) -> {
            Place place = entry.key().place();
            String lower = name.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) {
                fields.mistakes().show(place, MessageText.quote(name) + " is not a header name", "like X-Request-Id");
            } else if (OURS.contains(lower)) {
                fields.mistakes()
                        .show(place, MessageText.quote(name) + " is set by the connection itself", "leave it out");
            } else if (!seen.add(lower)) {
                fields.mistakes().show(place, MessageText.quote(name) + " twice: header names ignore case");
            } else if (!(entry.value() instanceof Scalar scalar)) {
                String kind = entry.value().kind();
                String fix = entry.value() instanceof Mapping ? "a text with braces needs quotes: \"{item}\"" : "";
                String[] fixes = fix.isEmpty() ? new String[0] : new String[] {fix};
                fields.wrong("headers." + name, entry.value(), "one value, not " + kind, fixes);
            } else if (scalar.isNull()) {
                fields.wrong("headers." + name, scalar, "one value, but it is empty", "\"\" leaves the header out");
            } else if (scalar.faults().isEmpty()) {
                reader.accept(name, scalar);
            }
        });
    }
}
