package io.vertask.app.workload;

import io.vertask.app.job.template.TemplateScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of a successful attempt.
 *
 * @param scope the names for {@code print}
 * @param line the text to print when the job has no {@code print}
 * @param value the result itself as a JSON value: {@code JsonObject}, {@code JsonArray}, text, number, boolean, null
 * @param empty whether there is nothing to print, as for a query without rows
 * @param more whether the item is not finished; its next attempt continues from here and counts its own retries
 * @param rows the rows of a part of the result, each with its own names, line and value; printed as they come
 * @param pause the time that the server wants the whole client to wait from now on
 */
public record Answer(
        TemplateScope scope,
        String line,
        @Nullable Object value,
        boolean empty,
        boolean more,
        List<Answer> rows,
        Optional<Duration> pause) {

    public Answer {
        rows = List.copyOf(rows);
    }

    /** The whole result of an item. */
    public static Answer of(TemplateScope scope, String line, @Nullable Object value) {
        return new Answer(scope, line, value, false, false, List.of(), Optional.empty());
    }

    /** A result with nothing to print. */
    public Answer withoutLine() {
        return new Answer(scope, line, value, true, more, rows, pause);
    }

    /** A part of the result; the rest comes with further attempts. */
    public Answer unfinished() {
        return new Answer(scope, line, value, empty, true, rows, pause);
    }

    /** This answer with a pause that its server asked for. */
    public Answer pausing(Duration everyone) {
        return new Answer(scope, line, value, empty, more, rows, Optional.of(everyone));
    }

    /** This answer with these rows instead of its own. */
    public Answer withRows(List<Answer> others) {
        return new Answer(scope, line, value, empty, more, others, pause);
    }
}
