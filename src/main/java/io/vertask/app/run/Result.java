package io.vertask.app.run;

import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.workload.Answer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One output record: the result of an item, or one row of it.
 *
 * @param end the end of the item; for a row, the state of the item so far
 * @param line the text of {@code print}, or the failure of the item; empty when nothing is printed
 * @param value the result as a JSON value; null unless the item is ok
 * @param answer the answer of the item's call, when a later run needs it if anything after the call fails
 */
public record Result(
        ItemEnd end, Optional<String> line, @Nullable Object value, Optional<Answer> answer) {

    /** A record without an answer to keep. */
    public Result(ItemEnd end, Optional<String> line, @Nullable Object value) {
        this(end, line, value, Optional.empty());
    }

    /** The result of a failed item; its line names the failure, without line ends. */
    public static Result failed(ItemEnd end, Optional<Answer> answer) {
        String line = end.key() + ": ERROR - "
                + end.failure().map(ItemFailure::message).orElse("");
        return new Result(end, Optional.of(MessageText.oneLine(line)), null, answer);
    }

    /** The item's place in the input. */
    public long n() {
        return end.n();
    }
}
