package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.Forms;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Nearest;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code clients}, in which a step finds its client.
 *
 * @param names every name in the section, of unreadable clients too
 */
public record Clients(Map<String, ClientConfig> byName, List<String> names) {

    /** A new kind of client is one line here. */
    private static final Forms<ClientConfig.Form> FORMS =
            new Forms<>(List.of(HttpClientConfig.FORM, PostgresConfig.FORM));

    static Clients read(Fields job) {
        Mapping section = job.map("clients");
        Map<String, ClientConfig> byName = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        if (section == null) {
            return new Clients(byName, names);
        }
        section.entries().forEach((name, entry) -> {
            names.add(name);
            String path = "clients." + name;
            if (!(entry.value() instanceof Mapping mapping)) {
                job.mistakes()
                        .show(
                                entry.value().place(),
                                path + " must be a map, not " + entry.value().kind());
                return;
            }
            Fields fields = Fields.of(mapping, path, job.mistakes(), FORMS.keys());
            Forms.Chosen<ClientConfig.Form> chosen = FORMS.choose(fields, path);
            if (chosen != null) {
                byName.put(name, chosen.form().read(name, fields));
            }
        });
        return new Clients(byName, names);
    }

    /**
     * The client a step names, or the only one of its type; null when there is none, which has then been reported.
     *
     * @param head the step's own key in messages, like {@code sql}
     * @param form the client's characteristic key in messages, like {@code postgres}
     */
    public @Nullable String find(Fields step, String head, Class<? extends ClientConfig> type, String form) {
        Scalar named = step.filled("client");
        if (named != null) {
            return check(step, named, head, type, form);
        }
        if (step.has("client")) {
            return null;
        }
        List<String> fitting = names.stream()
                .filter(name -> !byName.containsKey(name) || type.isInstance(byName.get(name)))
                .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        String why = fitting.isEmpty()
                ? "add one under `clients`, with `" + form + "`"
                : "add `client:` with one of: " + MessageText.list(fitting);
        step.mistakes().say(step.keyPlace(head), "`" + head + "` needs a client", why);
        return null;
    }

    /** The client that the value of {@code key} names, for {@code head}; null when there is none, which is reported. */
    @Nullable
    String named(Fields section, String key, String head, Class<? extends ClientConfig> type) {
        Scalar named = section.filled(key);
        return named == null ? null : check(section, named, head, type, key);
    }

    private @Nullable String check(
            Fields step, Scalar named, String head, Class<? extends ClientConfig> type, String form) {
        String name = named.text();
        if (!names.contains(name)) {
            String meant = named.substituted() ? null : Nearest.to(name, names);
            step.mistakes()
                    .point(
                            named.place(),
                            "unknown client " + MessageText.quote(named.written()),
                            MessageText.didYouMean(meant),
                            names.isEmpty() ? "this job has no `clients`" : "clients are: " + MessageText.list(names));
            return null;
        }
        ClientConfig client = byName.get(name);
        if (client != null && !type.isInstance(client)) {
            step.mistakes()
                    .show(
                            named.place(),
                            "client " + MessageText.quote(named.written()) + " does not fit `" + head + "`",
                            "`" + head + "` needs a client with `" + form + "`");
            return null;
        }
        return name;
    }
}
