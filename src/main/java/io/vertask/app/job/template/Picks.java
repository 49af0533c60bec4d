package io.vertask.app.job.template;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The section {@code pick} of a step: names for values of an answer. */
public final class Picks {
    private Picks() {}

    /** The selectors by name, in the file's order; {@code taken} are the names that are in use. */
    public static Map<String, Selector> read(Fields fields, Names names, Set<String> taken) {
        Map<String, Selector> pick = new LinkedHashMap<>();
        Mapping mapping = fields.map("pick");
        if (mapping == null) {
            return pick;
        }
        mapping.entries().forEach((name, entry) -> {
            String key = "pick." + name;
            if (taken.contains(name)) {
                fields.mistakes()
                        .show(entry.key().place(), MessageText.quote(name) + " is already a name", "pick another");
            } else if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                fields.mistakes()
                        .show(
                                entry.key().place(),
                                "a picked name has letters, digits and _, not " + MessageText.quote(name));
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
}
