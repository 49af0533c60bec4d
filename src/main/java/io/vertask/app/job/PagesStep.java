package io.vertask.app.job;

import io.vertask.app.job.HttpClientConfig.Profile;
import io.vertask.app.job.template.Names;
import io.vertask.app.job.template.Picks;
import io.vertask.app.job.template.Selector;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request after another for each item, until the last page; the rows of all pages are the item's result.
 *
 * @param target of the first page: a path below the client's URL, or an absolute URL
 * @param client empty: the target is absolute once it is rendered, and no token is sent
 * @param rows where the array of rows is in an answer
 * @param pick the values to take out of a row, by name; empty: the whole row
 * @param maxPages an item with more pages than these fails
 * @param charset of the answers' text; empty: the one that an answer declares, or UTF-8
 */
public record PagesStep(
        Template target,
        Optional<String> client,
        Next next,
        Selector rows,
        Map<String, Selector> pick,
        int maxPages,
        Optional<Charset> charset)
        implements Step {

    /** A million rows at the usual hundred a page. */
    public static final int MAX_PAGES = 10_000;

    public static final Step.Form FORM = new Step.Form() {
        @Override
        public List<String> heads() {
            return List.of("pages");
        }

        @Override
        public List<String> others() {
            return List.of("client", "next", "rows", "pick", "max_pages", "charset");
        }

        @Override
        public @Nullable Step read(String head, Fields fields, Clients clients, Names names) {
            Optional<Template> target = HttpStep.target(head, fields, names);
            Optional<String> client = HttpStep.client(head, fields, clients);
            ClientConfig config = client.map(clients.byName()::get).orElse(null);
            boolean unreadable = client.isPresent() ? config == null : fields.has("client");
            boolean github = config instanceof HttpClientConfig http && http.profile() == Profile.GITHUB;
            Optional<Next> next = unreadable && !fields.has("next") ? Optional.empty() : Next.read(fields, github);
            Scalar rows = fields.filled("rows");
            Optional<Selector> array = rows == null ? Optional.of(Selector.parse(".")) : selector(fields, "rows", rows);
            Map<String, Selector> pick = Picks.read(fields, names, Set.of("item"));
            int most = fields.whole("max_pages", MAX_PAGES, 1, 10_000_000);
            Optional<Charset> charset = HttpStep.charset(fields);
            return target.isEmpty() || next.isEmpty() || array.isEmpty()
                    ? null
                    : new PagesStep(target.get(), client, next.get(), array.get(), pick, most, charset);
        }
    };

    /** A path into the answer; the item is no place to look for it. */
    static Optional<Selector> selector(Fields fields, String key, Scalar scalar) {
        if (scalar.text().startsWith("=")) {
            fields.wrong(key, scalar, "a path into the answer, not into the item");
            return Optional.empty();
        }
        return TemplateReader.of(fields, key, Names.ofItem(null)).selector(scalar);
    }

    @Override
    public boolean isPaged() {
        return true;
    }

    @Override
    public List<String> fields() {
        return List.copyOf(pick.keySet());
    }

    @Override
    public long mostKept(Optional<ClientConfig> called) {
        return HttpStep.maxBody(called);
    }

    @Override
    public boolean usesItem() {
        return target.names().contains("item");
    }

    /** Only {@code into} records the pages of an item that have been done. */
    @Override
    public Optional<String> resumeNote(Job job) {
        return job.into().isPresent()
                ? Optional.empty()
                : Optional.of("without `into`, pages have no checkpoints: on --resume an item that "
                        + "was not finished begins at its first page, and its rows come again");
    }

    @Override
    public Names names(Names item) {
        return pick.isEmpty() ? item.opened() : item.with(pick.keySet().stream());
    }
}
