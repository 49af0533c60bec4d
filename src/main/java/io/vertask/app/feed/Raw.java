package io.vertask.app.feed;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a source gives: a value, or a text that it can't make a value of, and why. */
record Raw(@Nullable Object value, Optional<String> flaw) {
    static Raw of(@Nullable Object value) {
        return new Raw(value, Optional.empty());
    }

    static Raw flawed(String text, String why) {
        return new Raw(text, Optional.of(why));
    }
}
