package io.vertask.app.job;

import io.vertask.app.job.Node.Scalar;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
            Map<String, Selector> pick = Picks.read(fields, names, Set.of("item", "status"));
            if (fields.has("pick") && body != Body.JSON) {
                fields.mistakes().show(fields.keyPlace("pick"), "`pick` needs a JSON body", "use get with body: json");
            }
            HttpMethod method = HttpMethod.valueOf(head.toUpperCase(Locale.ROOT));
            return target.isEmpty() ? null : new HttpStep(method, target.get(), client, accept, body, pick);
        }
    };

    static Optional<Template> target(String head, Fields fields, Names names) {
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

    static Optional<String> client(String head, Fields fields, Clients clients) {
        Scalar target = fields.scalar(head);
        if (!fields.has("client") && (target == null || !target.text().startsWith("/"))) {
            return Optional.empty();
        }
        return Optional.ofNullable(clients.find(fields, head, HttpClientConfig.class, "url"));
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
