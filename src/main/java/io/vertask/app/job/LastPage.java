package io.vertask.app.job;

import io.vertask.app.job.template.Selector;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sign by which the last page is known when pages are counted: the keys {@code total}, {@code more} and
 * {@code end}.
 */
public sealed interface LastPage {

    /** The keys, of which a job has one at most. */
    List<String> KEYS = List.of("total", "more", "end");

    /** A page without rows comes after the last one. */
    record Empty() implements LastPage {}

    /** The number of rows of all pages, in each answer. */
    record Total(Selector at) implements LastPage {}

    /** Whether there is another page, in each answer. */
    record More(Selector at) implements LastPage {}

    /** The status of the answer after the last page. */
    record Status(Accept statuses) implements LastPage {}

    /** Reads it; null when it can't be read, which has then been reported. */
    static @Nullable LastPage read(Fields fields) {
        List<String> given = KEYS.stream().filter(fields::has).toList();
        if (given.size() > 1) {
            String both = MessageText.quote(given.get(0)) + " and " + MessageText.quote(given.get(1));
            fields.mistakes().show(fields.keyPlace(given.get(1)), both + " at once", "keep one");
            return null;
        }
        if (given.isEmpty()) {
            return new Empty();
        }
        return switch (given.get(0)) {
            case "total" -> at(fields, "total").map(Total::new).orElse(null);
            case "more" -> at(fields, "more").map(More::new).orElse(null);
            default -> Accept.ofLastPage(fields, "end").map(Status::new).orElse(null);
        };
    }

    /**
     * The path of a sign in the answer; empty when there is none, or none that can be read, which has been reported.
     */
    static Optional<Selector> at(Fields fields, String key) {
        return Optional.ofNullable(fields.filled(key)).flatMap(path -> PagesStep.selector(fields, key, path));
    }
}
