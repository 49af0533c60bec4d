package io.vertask.app.job;

import io.vertask.app.job.Node.Mapping;
import io.vertask.app.job.Node.Scalar;
import io.vertx.core.http.HttpMethod;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request for each item.
 *
 * @param target a path below the client's URL, or an absolute URL
 * @param client empty: the target is absolute once it is rendered, and no token is sent
 * @param pick the values to take out of a JSON body, by name, in the file's order
 */
public record HttpStep(
        HttpMethod method,
        Template target,
        Optional<String> client,
        Accept accept,
        Body body,
        Map<String, Selector> pick)
        implements Step {

    /** What becomes of the body: parsed, kept as text, or read and dropped. */
    public enum Body {
        JSON,
        DISCARD,
        TEXT
    }

    static final Step.Form FORM = new Step.Form() {
        @Override
        public List<String> heads() {
            return List.of("get", "head");
        }

        @Override
        public List<String> others() {
            return List.of("client", "accept", "body", "pick");
        }

        @Override
        public @Nullable Step read(String head, Fields fields, Clients clients, Names names) {
            Optional<Template> target = target(head, fields, names);
            Optional<String> client = client(head, fields, clients);
            Body body = fields.choice("body", Body.class, head.equals("head") ? Body.DISCARD : Body.JSON);
            Accept accept = Accept.read(fields);
            Map<String, Selector> pick = picks(fields, names);
            if (fields.has("pick") && body != Body.JSON) {
                fields.mistakes().show(fields.keyPlace("pick"), "`pick` needs a JSON body", "use get with body: json");
            }
            HttpMethod method = HttpMethod.valueOf(head.toUpperCase(Locale.ROOT));
            return target.isEmpty() ? null : new HttpStep(method, target.get(), client, accept, body, pick);
        }
    };

    private static Optional<Template> target(String head, Fields fields, Names names) {
        Scalar scalar = fields.filled(head);
        if (scalar == null) {
            return Optional.empty();
        }
        String text = scalar.text();
        if (!text.startsWith("/") && !text.startsWith("{") && !TemplateReader.isUrl(text)) {
            fields.wrong(head, scalar, "a path that begins with /, or a URL with http:// or https://");
        }
        return TemplateReader.of(fields, head, names).url(scalar);
    }

    private static Optional<String> client(String head, Fields fields, Clients clients) {
        Scalar target = fields.scalar(head);
        if (!fields.has("client") && (target == null || !target.text().startsWith("/"))) {
            return Optional.empty();
        }
        return Optional.ofNullable(clients.find(fields, head, HttpClientConfig.class, "url"));
    }

    private static Map<String, Selector> picks(Fields fields, Names names) {
        Map<String, Selector> pick = new LinkedHashMap<>();
        Mapping mapping = fields.map("pick");
        if (mapping == null) {
            return pick;
        }
        mapping.entries().forEach((name, entry) -> {
            String key = "pick." + name;
            if (name.equals("item") || name.equals("status")) {
                fields.mistakes().show(entry.key().place(), Words.quote(name) + " is already a name", "pick another");
            } else if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                fields.mistakes()
                        .show(entry.key().place(), "a picked name has letters, digits and _, not " + Words.quote(name));
            }
            if (!(entry.value() instanceof Scalar scalar)) {
                fields.wrong(
                        key,
                        entry.value(),
                        "a path into the answer, not " + entry.value().kind());
            } else if (scalar.isNull() || scalar.text().isBlank()) {
                if (scalar.faults().isEmpty()) {
                    fields.wrong(key, scalar, "a path into the answer, like owner.login");
                }
            } else {
                TemplateReader.of(fields, key, names).selector(scalar).ifPresent(one -> pick.put(name, one));
            }
        });
        return Collections.unmodifiableMap(pick);
    }

    @Override
    public Names names(Names item) {
        Names names = item.with(Stream.of("status")).with(pick.keySet().stream());
        return switch (body) {
            case DISCARD -> names;
            case TEXT -> names.with(Stream.of("body"));
            case JSON -> pick.isEmpty() ? names.opened() : names;
        };
    }
}
