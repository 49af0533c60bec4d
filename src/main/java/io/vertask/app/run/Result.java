package io.vertask.app.run;

import io.vertask.app.journal.ItemEnd;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One output record: the result of an item, or one row of it.
 *
 * @param end the end of the item; for a row, the state of the item so far
 * @param line the text of {@code print}, or the failure of the item; empty when nothing is printed
 * @param value the result as a JSON value; null unless the item is ok
 */
public record Result(
        ItemEnd end, Optional<String> line, @Nullable Object value) {
    /** The item's place in the input. */
    public long n() {
        return end.n();
    }
}
