package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * How {@link Timeout#moveOn} ended: with the value of its body, or because the limit cut it.
 *
 * @param cut whether the limit ended the body
 * @param value that of the body; null when it was cut
 */
public record MovedOn<T>(boolean cut, @Nullable T value) {
    /** The value; {@code other} when the body was cut. */
    public @Nullable T orElse(@Nullable T other) {
        return cut ? other : value;
    }
}
