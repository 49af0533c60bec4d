package io.vertask.app.journal;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why an attempt or an item failed. No field holds a secret.
 *
 * @param kind one word of a closed list, for programs
 * @param brief the short form by which failures are counted: {@code 404}, {@code timeout in response}
 * @param status of the HTTP answer
 * @param phase where the attempt was, in small letters
 * @param message for people
 * @param retryable whether another attempt may do better
 */
public record ItemFailure(
        String kind, String brief, OptionalInt status, Optional<String> phase, String message, boolean retryable) {

    /** The object that ledger lines and {@code -o jsonl} have under {@code error}. */
    public JsonObject json() {
        JsonObject json = new JsonObject().put("kind", kind);
        status.ifPresent(number -> json.put("status", number));
        phase.ifPresent(word -> json.put("phase", word));
        return json.put("message", message).put("retryable", retryable);
    }
}
