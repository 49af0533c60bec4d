package io.vertask.app.journal;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * The end of one item.
 *
 * @param n its place in the input, from 0
 * @param key its key, without secrets
 * @param attempts the number of attempts for it
 * @param took the time from its first slot to its end
 * @param failure the reason for its failure; empty unless {@code how} is {@link How#FAILED}
 * @param again whether it had failed in an earlier process of the run, so that this end replaces that one
 */
public record ItemEnd(
        long n, String key, How how, int attempts, Duration took, Optional<ItemFailure> failure, boolean again) {

    /** The ways in which an item ends. */
    public enum How {
        OK,
        FAILED,
        /** It ended before it was ok or failed; a later process does it again. */
        CANCELLED
    }

    /** Whether the item is ok. */
    public boolean ok() {
        return how == How.OK;
    }

    /** This end as a failure. */
    public ItemEnd failed(ItemFailure why) {
        return new ItemEnd(n, key, How.FAILED, attempts, took, Optional.of(why), again);
    }

    /** The fields that are common to ledger lines and {@code -o jsonl}. */
    public JsonObject head() {
        return new JsonObject().put("n", n).put("key", key).put("ok", ok());
    }

    /** Adds the field {@code error} when the item failed. */
    public JsonObject withError(JsonObject to) {
        failure.ifPresent(why -> to.put("error", why.json()));
        return to;
    }
}
