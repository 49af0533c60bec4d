package io.vertask.app.feed;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value from a source, or a text that is no value, with the reason. */
record Raw(@Nullable Object value, Optional<String> flaw) {
    static Raw of(@Nullable Object value) {
        return new Raw(value, Optional.empty());
    }

    static Raw flawed(String text, String why) {
        return new Raw(text, Optional.of(why));
    }
}
