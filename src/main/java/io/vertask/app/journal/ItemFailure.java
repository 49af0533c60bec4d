package io.vertask.app.journal;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The failure of an attempt or an item. No field holds a secret.
 *
 * @param kind one word of a closed list, for programs
 * @param brief the short form by which failures are counted: {@code 404}, {@code timeout in response}
 * @param status the status of the HTTP answer
 * @param phase the phase of the attempt, in lower case
 * @param message the message for people
 * @param retryable whether another attempt may succeed
 */
public record ItemFailure(
        String kind, String brief, OptionalInt status, Optional<String> phase, String message, boolean retryable) {

    /** The object under {@code error} in ledger lines and {@code -o jsonl}. */
    public JsonObject json() {
        JsonObject json = new JsonObject().put("kind", kind);
        status.ifPresent(number -> json.put("status", number));
        phase.ifPresent(word -> json.put("phase", word));
        return json.put("message", message).put("retryable", retryable);
    }
}
