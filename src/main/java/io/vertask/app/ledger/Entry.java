package io.vertask.app.ledger;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One finished item, as the ledger has it.
 *
 * @param n its place in the input of the process that did it
 * @param ms from its first slot to its end
 * @param again it had failed before and was done again: this line stands in place of that one
 */
public record Entry(long n, String key, boolean ok, int attempts, long ms, Optional<Failure> error, boolean again) {

    /**
     * Why an item failed, for programs.
     *
     * @param kind one word of a closed list
     * @param phase where the attempt was, in small letters
     * @param retryable another time may do better
     */
    public record Failure(String kind, OptionalInt status, Optional<String> phase, String message, boolean retryable) {
        private JsonObject json() {
            JsonObject json = new JsonObject().put("kind", kind);
            status.ifPresent(number -> json.put("status", number));
            phase.ifPresent(word -> json.put("phase", word));
            return json.put("message", message).put("retryable", retryable);
        }
    }

    /** The names that the ledger and {@code -o jsonl} have in common. */
    public JsonObject head() {
        return new JsonObject().put("n", n).put("key", key).put("ok", ok);
    }

    /** Adds why it failed. */
    public JsonObject withError(JsonObject to) {
        error.ifPresent(why -> to.put("error", why.json()));
        return to;
    }

    /** The line of the ledger, without its end. */
    String line() {
        JsonObject line = withError(head().put("attempts", attempts).put("ms", ms));
        return (again ? line.put("again", true) : line).encode();
    }
}
