package io.vertask.app.step;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One call of a {@link CallableStep}.
 *
 * @param item the item: text, number, boolean, a map; null in a job without {@code each}
 * @param key the text by which messages name the item
 * @param with the job file's {@code with}, its templates filled in for this item; empty without one
 */
public record StepCall(@Nullable Object item, String key, JsonObject with) {}
