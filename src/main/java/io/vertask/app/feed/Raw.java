package io.vertask.app.feed;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value from a source, or a text that is no value, with the reason.
 *
 * @param column the name of the value, when it is the only column of a query's row
 */
record Raw(@Nullable Object value, Optional<String> column, Optional<String> flaw) {
    static Raw of(@Nullable Object value) {
        return new Raw(value, Optional.empty(), Optional.empty());
    }

    static Raw column(String name, @Nullable Object value) {
        return new Raw(value, Optional.of(name), Optional.empty());
    }

    static Raw flawed(String text, String why) {
        return new Raw(text, Optional.empty(), Optional.of(why));
    }
}
