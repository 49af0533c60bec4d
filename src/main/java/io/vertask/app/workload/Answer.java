package io.vertask.app.workload;

import io.vertask.app.job.template.TemplateScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a successful attempt gave.
 *
 * @param scope the names for {@code print}
 * @param line what to print when the job has no {@code print}
 * @param value the result itself as JSON has it: {@code JsonObject}, {@code JsonArray}, text, number, boolean, null
 * @param empty there is nothing to print: no row
 * @param more the item is not finished: its next attempt goes on from here, and counts its own retries
 * @param rows what a part of the result has by itself, each with its own names, line and value; printed as they come
 * @param pause how long the server wants the whole client to wait from now on
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

    /** This answer, whose server asked everyone to wait that long. */
    public Answer pausing(Duration everyone) {
        return new Answer(scope, line, value, empty, more, rows, Optional.of(everyone));
    }

    /** This answer with these rows, in place of those it has. */
    public Answer withRows(List<Answer> others) {
        return new Answer(scope, line, value, empty, more, others, pause);
    }
}
