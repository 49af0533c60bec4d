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

    /** A query parameter that counts pages or rows. */
    sealed interface Counted extends Next {
        String param();

        /** Its value for the first page. */
        int first();

        /** How much it grows after a page of {@code rows} rows. */
        int growth(int rows);

        /** The sign of the last page. */
        LastPage last();
    }

    /** A query parameter that counts pages. */
    record Numbered(String param, int first, LastPage last) implements Counted {
        @Override
        public int growth(int rows) {
            return 1;
        }
    }

    /**
     * A value in the answer, which goes into a query parameter, or is the URL of the next page. Null, absent or empty
     * ends it.
     *
     * @param more where the answer says whether there is another page; empty: it does not say
     */
    record Cursor(Selector from, String param, Optional<Selector> more) implements Next {}

    /**
     * A query parameter that counts the rows before a page.
     *
     * @param size how many rows a full page has
     * @param by what a page counts for
     */
    record Offset(String param, int size, By by, LastPage last) implements Counted {
        /** The growth of the offset with each page: the rows that it has, or the size of a full page. */
        public enum By {
            ROWS,
            SIZE
        }

        @Override
        public int first() {
            return 0;
        }

        @Override
        public int growth(int rows) {
            return by == By.ROWS ? rows : size;
        }
    }

    /** The forms with braces. */
    private static Forms<Kind> forms() {
        return new Forms<>(List.of(
                new Kind("page", List.of("first", "total", "more", "end"), Next::numbered),
                new Kind("cursor", List.of("param", "more"), Next::cursor),
                new Kind("offset", List.of("size", "step", "total", "more", "end"), Next::offset)));
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
        Optional<String> param = param(fields, "page");
        int first = fields.whole("first", 1, 0, Integer.MAX_VALUE);
        LastPage last = LastPage.read(fields);
        return last == null ? Optional.empty() : param.map(name -> new Numbered(name, first, last));
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
        Optional<Selector> more = LastPage.at(fields, "more");
        return PagesStep.selector(fields, "cursor", path).map(from -> new Cursor(from, param.get(), more));
    }

    private static Optional<Next> offset(Fields fields) {
        Optional<String> param = param(fields, "offset");
        if (!fields.has("size")) {
            fields.missing("size", "it is how many rows a full page has, like size: 100");
        }
        int size = fields.whole("size", 1, 1, 1_000_000);
        Offset.By by = fields.choice("step", Offset.By.class, Offset.By.ROWS);
        LastPage last = LastPage.read(fields);
        if (by == Offset.By.SIZE && last instanceof LastPage.Empty) {
            fields.mistakes()
                    .show(
                            fields.keyPlace("step"),
                            "`step: size` needs the sign of the last page, because a page in the middle may be empty",
                            "add one of: total: PATH, the number of all rows; more: PATH, true or false; "
                                    + "end: 404, the status after the last page");
        }
        return last == null ? Optional.empty() : param.map(name -> new Offset(name, size, by, last));
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
