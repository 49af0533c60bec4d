package io.vertask.app.job;

import io.vertask.app.job.template.Values;
import org.jspecify.annotations.Nullable;

/**
 * One item of a run.
 *
 * @param n its place in the input, from 0
 * @param value the item itself; null in a job without {@code each}
 * @param key the text by which messages name it and a later run finds it again
 */
public record Item(long n, @Nullable Object value, String key) {

    /** The item of a job whose {@code each} has no {@code key}: its key is its text. */
    public static Item of(long n, @Nullable Object value, String job) {
        return new Item(n, value, value == null ? job : Values.text(value));
    }
}
