package io.vertask.app.job;

import io.vertask.app.job.template.Names;
import io.vertask.app.job.template.Picks;
import io.vertask.app.job.template.Selector;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Secret;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request for each item.
 *
 * @param target a path below the client's URL, or an absolute URL
 * @param client empty: the target is absolute once it is rendered, and no token is sent
 * @param headers in addition to the client's, and before them
 * @param pick the values to take out of a JSON body, by name, in the file's order
 * @param retryUnsafe whether a request that may have taken effect is sent again
 * @param maxBody the longest answer, in bytes; empty: the client's
 * @param charset of the answer's text; empty: the one that the answer declares, or UTF-8
 */
public record HttpStep(
        HttpMethod method,
        Template target,
        Optional<String> client,
        Headers headers,
        Optional<Content> content,
        Accept accept,
        Body body,
        Map<String, Selector> pick,
        boolean retryUnsafe,
        OptionalLong maxBody,
        Optional<Charset> charset)
        implements Step {

    /** The treatment of the answer's body: parsed, kept as text, or read and dropped. */
    public enum Body {
        JSON,
        DISCARD,
        TEXT
    }

    /** The longest answer that can be asked for: it is held in memory. */
    static final long MOST_BODY = 1_000_000_000;

    private static final List<String> ALWAYS =
            List.of("client", "headers", "accept", "body", "charset", "pick", "max_body");

    /** GET and HEAD have no content (RFC 9110, 9.3.1); POST and PATCH are not idempotent (9.2.2). */
    public static final List<Step.Form> FORMS = List.of(
            new Form(List.of("get", "head"), ALWAYS),
            new Form(List.of("post", "patch"), more(List.of("json", "form", "text", "retry_unsafe"))),
            new Form(List.of("put", "delete"), more(Content.KEYS)));

    private static List<String> more(List<String> keys) {
        return Stream.concat(ALWAYS.stream(), keys.stream()).toList();
    }

    private record Form(List<String> heads, List<String> others) implements Step.Form {
        @Override
        public @Nullable Step read(String head, Fields fields, Clients clients, Names names) {
            Optional<Template> target = target(head, fields, names);
            Optional<String> client = client(head, fields, clients);
            Headers headers = Headers.read(fields, names);
            Optional<Content> content = Content.read(fields, names);
            Body body = fields.choice("body", Body.class, head.equals("head") ? Body.DISCARD : Body.JSON);
            Accept accept = Accept.read(fields);
            Map<String, Selector> pick = Picks.read(fields, names, Set.of("item", "status"));
            if (fields.has("pick") && body != Body.JSON) {
                fields.mistakes().show(fields.keyPlace("pick"), "`pick` needs a JSON body", "use get with body: json");
            }
            Optional<Charset> charset = charset(fields);
            if (fields.has("charset") && body == Body.DISCARD) {
                fields.mistakes()
                        .show(
                                fields.keyPlace("charset"),
                                "`charset` needs a body that is read",
                                "use body: text or json");
            }
            HttpMethod method = HttpMethod.valueOf(head.toUpperCase(Locale.ROOT));
            boolean retryUnsafe = fields.flag("retry_unsafe");
            OptionalLong maxBody = fields.size("max_body", MOST_BODY);
            return target.isEmpty()
                    ? null
                    : new HttpStep(
                            method,
                            target.get(),
                            client,
                            headers,
                            content,
                            accept,
                            body,
                            pick,
                            retryUnsafe,
                            maxBody,
                            charset);
        }
    }

    /** Whether the request may be sent twice: its method is idempotent (RFC 9110, 9.2.2), or the file allows it. */
    @Override
    public boolean isRepeatable() {
        return retryUnsafe || !(method.equals(HttpMethod.POST) || method.equals(HttpMethod.PATCH));
    }

    @Override
    public long mostKept(Optional<ClientConfig> called) {
        return maxBody.orElse(maxBody(called));
    }

    static long maxBody(Optional<ClientConfig> called) {
        return called.flatMap(config -> config instanceof HttpClientConfig http
                                && http.maxBody().isPresent()
                        ? Optional.of(http.maxBody().getAsLong())
                        : Optional.empty())
                .orElse(MOST_KEPT);
    }

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

    static Optional<Charset> charset(Fields fields) {
        Scalar scalar = fields.filled("charset");
        if (scalar == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Charset.forName(scalar.text()));
        } catch (IllegalArgumentException unknown) {
            fields.wrong(
                    "charset",
                    scalar,
                    "the name of a charset, not " + MessageText.quote(scalar.written()),
                    "write it like utf-8, iso-8859-1, windows-1252 or shift_jis");
            return Optional.empty();
        }
    }

    @Override
    public List<String> fields() {
        return List.copyOf(pick.keySet());
    }

    @Override
    public boolean usesItem() {
        return target.names().contains("item");
    }

    @Override
    public Optional<String> rowsFix() {
        return body == Body.JSON ? Optional.empty() : Optional.of("rows come from a JSON body: leave `body` out");
    }

    @Override
    public List<Secret> secrets() {
        return headers.hidden().toList();
    }

    @Override
    public Names names(Names item) {
        Names names = item.withPlain("status").with(pick.keySet().stream());
        return switch (body) {
            case DISCARD -> names;
            case TEXT -> names.withPlain("body");
            case JSON -> pick.isEmpty() ? names.opened() : names;
        };
    }
}
