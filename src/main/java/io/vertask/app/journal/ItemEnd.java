package io.vertask.app.journal;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * How one item ended.
 *
 * @param n its place in the input, from 0
 * @param key its key, without secrets
 * @param attempts how many attempts were made for it
 * @param took from its first slot to its end
 * @param failure why it failed; empty unless {@code how} is {@link How#FAILED}
 * @param again whether it had failed in an earlier process of the run, so that this end replaces that one
 */
public record ItemEnd(
        long n, String key, How how, int attempts, Duration took, Optional<ItemFailure> failure, boolean again) {

    /** The ways in which an item ends. */
    public enum How {
        OK,
        FAILED,
        /** Ended before it was either: a later run does it again. */
        CANCELLED
    }

    /** Whether it is ok. */
    public boolean ok() {
        return how == How.OK;
    }

    /** The fields that ledger lines and {@code -o jsonl} have in common. */
    public JsonObject head() {
        return new JsonObject().put("n", n).put("key", key).put("ok", ok());
    }

    /** Adds the field {@code error} when the item failed. */
    public JsonObject withError(JsonObject to) {
        failure.ifPresent(why -> to.put("error", why.json()));
        return to;
    }
}
