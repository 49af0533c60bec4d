package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Nearest;
import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code into}: the Postgres table that takes the results of items as rows.
 *
 * @param client the name of the database
 * @param schema empty: where the server's search_path finds it
 * @param key a row whose key is there already replaces that one; empty: every row is a new one
 * @param create makes the table when it is not there, from the fields of the first rows
 */
public record Into(String client, Optional<String> schema, String table, List<String> key, boolean create) {

    private static final List<String> KEYS = List.of("postgres", "table", "key", "create");

    /** The longest name of Postgres, in bytes. */
    private static final int LONGEST_NAME = 63;

    public Into {
        key = List.copyOf(key);
    }

    /** The table's name as messages show it. */
    public String name() {
        return schema.map(name -> name + "." + table).orElse(table);
    }

    /** Reads it; empty when there is no such section, or when it can't be read, which has then been reported. */
    static Optional<Into> read(Fields job, Clients clients, @Nullable Step step) {
        Fields into = job.fields("into", KEYS);
        if (into == null) {
            return Optional.empty();
        }
        if (!into.has("postgres")) {
            into.missing("postgres", "it names a client of `clients`, like postgres: db");
        }
        if (!into.has("table")) {
            into.missing("table", "like table: issues, or table: app.issues");
        }
        Optional<String> client = Optional.ofNullable(clients.named(into, "postgres", "into", PostgresConfig.class));
        Optional<List<String>> table = table(into);
        List<String> key = key(into, step);
        boolean create = into.choice("create", YesNo.class, YesNo.FALSE) == YesNo.TRUE;
        checkRows(job, step);
        if (client.isEmpty() || table.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = table.get();
        Optional<String> schema = names.size() == 1 ? Optional.empty() : Optional.of(names.get(0));
        return Optional.of(new Into(client.get(), schema, names.get(names.size() - 1), key, create));
    }

    private enum YesNo {
        TRUE,
        FALSE
    }

    /** {@code table}, {@code schema.table}; a name with a dot or the like stands in double quotes, as in SQL. */
    private static Optional<List<String>> table(Fields into) {
        Scalar scalar = into.filled("table");
        if (scalar == null) {
            return Optional.empty();
        }
        List<String> names = SqlNames.split(scalar.text());
        if (names.isEmpty() || names.size() > 2) {
            into.wrong("table", scalar, "TABLE or SCHEMA.TABLE", "any other name in double quotes: '\"odd.name\"'");
            return Optional.empty();
        }
        if (names.stream().anyMatch(name -> SqlNames.bytes(name) > LONGEST_NAME)) {
            into.wrong("table", scalar, "at most " + LONGEST_NAME + " bytes long, as Postgres cuts longer names");
            return Optional.empty();
        }
        return Optional.of(names);
    }

    private static List<String> key(Fields into, @Nullable Step step) {
        YamlNode node = into.node("key");
        List<YamlNode> entries =
                node == null ? List.of() : node instanceof Sequence list ? list.entries() : List.of(node);
        if (node instanceof Sequence list && list.entries().isEmpty()) {
            into.wrong("key", node, "not empty", "leave the key out to insert every row");
        }
        Set<String> key = new LinkedHashSet<>();
        List<String> picked = step == null ? List.of() : step.fields();
        for (YamlNode entry : entries) {
            if (!(entry instanceof Scalar scalar)
                    || scalar.isNull()
                    || scalar.text().isBlank()) {
                into.wrong("key", entry, "a list of fields, like [repo, number]");
            } else if (!picked.isEmpty() && !picked.contains(scalar.text())) {
                into.mistakes()
                        .point(
                                scalar.place(),
                                "into.key: the rows have no field " + MessageText.quote(scalar.written()),
                                MessageText.didYouMean(Nearest.to(scalar.text(), picked)),
                                "do.pick gives: " + MessageText.list(picked));
            } else if (!key.add(scalar.text())) {
                into.mistakes().show(scalar.place(), "into.key has " + MessageText.quote(scalar.written()) + " twice");
            }
        }
        return new ArrayList<>(key);
    }

    private static void checkRows(Fields job, @Nullable Step step) {
        Optional<String> fix = step == null ? Optional.empty() : step.rowsFix();
        fix.ifPresent(
                one -> job.mistakes().show(job.keyPlace("into"), "`into` needs rows, and this `do` gives none", one));
    }
}
