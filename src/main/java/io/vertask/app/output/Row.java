package io.vertask.app.output;

import io.vertask.app.ledger.Entry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One finished item, for a format to write.
 *
 * @param line as the job prints it; empty: nothing is printed
 * @param value the result as JSON has it; null unless the item is ok
 */
public record Row(
        Entry entry, Optional<String> line, @Nullable Object value) {}
