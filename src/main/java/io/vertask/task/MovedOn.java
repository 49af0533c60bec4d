package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * The result of {@link Timeout#moveOn}: the value of its body, or none because the limit cut it.
 *
 * @param cut whether the limit ended the body
 * @param value the value of the body; null when it was cut
 */
public record MovedOn<T>(boolean cut, @Nullable T value) {
    /** The value; {@code other} when the body was cut. */
    public @Nullable T orElse(@Nullable T other) {
        return cut ? other : value;
    }
}
