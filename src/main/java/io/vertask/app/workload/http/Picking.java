package io.vertask.app.workload.http;

import io.vertask.app.job.template.Selector;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.yaml.MessageText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the values of {@code pick} out of answers or rows, and keeps the paths that were in none of them: they are
 * probably misspelt.
 *
 * <p><b>Threads.</b> The workload's event loop.
 */
final class Picking {
    private static final int SHOWN = 5;

    private final Map<String, Selector> pick;
    private final Map<String, Selector> unseen;
    private final String what;
    private long count;

    /** {@code what}: the word for one answer in messages. */
    Picking(Map<String, Selector> pick, String what) {
        this.pick = pick;
        this.unseen = new LinkedHashMap<>(pick);
        this.what = what;
    }

    boolean isEmpty() {
        return pick.isEmpty();
    }

    /** The picked values of one answer or row, by name; null for a path that is not in it. */
    Map<String, @Nullable Object> of(@Nullable Object body, TemplateScope scope) {
        count++;
        if (!unseen.isEmpty()) {
            unseen.values().removeIf(path -> path.isIn(body, scope));
        }
        Map<String, @Nullable Object> picked = new LinkedHashMap<>();
        pick.forEach((name, path) -> picked.put(name, path.selected(body, scope)));
        return picked;
    }

    /** The paths that were in no answer, in one line; empty when there are none. */
    Optional<String> remark() {
        if (count == 0 || unseen.isEmpty()) {
            return Optional.empty();
        }
        String paths = unseen.entrySet().stream()
                .limit(SHOWN)
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", "));
        return Optional.of("pick {" + MessageText.visible(paths) + (unseen.size() > SHOWN ? ", …" : "") + "} "
                + (count == 1 ? "was not in the only " + what : "was in none of " + count + " " + what + "s"));
    }
}
