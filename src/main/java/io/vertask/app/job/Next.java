package io.vertask.app.job;

import io.vertask.app.job.template.Selector;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.Forms;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;

/** The way to the next page of a paginated answer: the key {@code next} of {@link PagesStep}. */
public sealed interface Next {

    /** The {@code Link} header's {@code rel=next} (RFC 8288); without one, the page was the last. */
    record Link() implements Next {}

    /** A query parameter that is counted up until a page has no rows. */
    record Numbered(String param, int first) implements Next {}

    /** A value in the answer, which goes into a query parameter; null, absent or empty ends it. */
    record Cursor(Selector from, String param) implements Next {}

    /** A query parameter that grows by {@code size} until a page has fewer rows than that. */
    record Offset(String param, int size) implements Next {}

    /** The forms with braces. */
    private static Forms<Kind> forms() {
        return new Forms<>(List.of(
                new Kind("page", List.of("first"), Next::numbered),
                new Kind("cursor", List.of("param"), Next::cursor),
                new Kind("offset", List.of("size"), Next::offset)));
    }

    /** One form: its key, and the reader of its value. */
    record Kind(String head, List<String> others, Reader reader) implements Forms.Form {
        interface Reader {
            Optional<Next> read(Fields fields);
        }

        @Override
        public List<String> heads() {
            return List.of(head);
        }
    }

    /**
     * Reads it; empty when it can't be read, which has then been reported. With {@code github} it is a link by default.
     */
    static Optional<Next> read(Fields step, boolean github) {
        YamlNode node = step.node("next");
        String forms = "link, {page: page}, {cursor: meta.next, param: after} or {offset: offset, size: 100}";
        if (node == null && github) {
            return Optional.of(new Link());
        }
        if (node == null) {
            step.mistakes()
                    .say(
                            step.keyPlace("pages"),
                            "`pages` needs `next`, the way to the next page",
                            "next is one of: " + forms);
            return Optional.empty();
        }
        if (node instanceof Mapping mapping) {
            Fields fields = Fields.of(mapping, step.path("next"), step.mistakes(), forms().keys());
            Forms.Chosen<Kind> chosen = forms().choose(fields, step.path("next"));
            return chosen == null ? Optional.empty() : chosen.form().reader().read(fields);
        }
        if (node instanceof Scalar scalar && scalar.text().equals("link")) {
            return Optional.of(new Link());
        }
        step.wrong("next", node, "one of: " + forms);
        return Optional.empty();
    }

    private static Optional<Next> numbered(Fields fields) {
        return param(fields, "page").map(param -> new Numbered(param, fields.whole("first", 1, 0, Integer.MAX_VALUE)));
    }

    private static Optional<Next> cursor(Fields fields) {
        Scalar path = fields.filled("cursor");
        Optional<String> param = param(fields, "param");
        if (!fields.has("param")) {
            fields.missing("param", "it is the query parameter for the cursor, like param: after");
        }
        if (path == null || param.isEmpty()) {
            return Optional.empty();
        }
        return PagesStep.selector(fields, "cursor", path).map(from -> new Cursor(from, param.get()));
    }

    private static Optional<Next> offset(Fields fields) {
        Optional<String> param = param(fields, "offset");
        if (!fields.has("size")) {
            fields.missing("size", "it is how many rows a full page has, like size: 100");
        }
        int size = fields.whole("size", 1, 1, 1_000_000);
        return param.map(name -> new Offset(name, size));
    }

    private static Optional<String> param(Fields fields, String key) {
        Scalar scalar = fields.filled(key);
        if (scalar == null) {
            return Optional.empty();
        }
        if (!scalar.text().matches("[A-Za-z0-9_.~\\[\\]-]+")) {
            fields.wrong(key, scalar, "the name of a query parameter, not " + MessageText.quote(scalar.written()));
            return Optional.empty();
        }
        return Optional.of(scalar.text());
    }
}
