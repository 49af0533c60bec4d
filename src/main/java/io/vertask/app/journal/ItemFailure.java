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
 * @param part the part of the item's work that failed after its call had succeeded: {@code into}, {@code print} or
 *     {@code output}; empty when the call itself failed
 */
public record ItemFailure(
        String kind,
        String brief,
        OptionalInt status,
        Optional<String> phase,
        String message,
        boolean retryable,
        Optional<String> part) {

    /** The kind of a failure after a call that can't be repeated and whose answer could not be kept. */
    public static final String UNKNOWN = "unknown";

    /** A failure of the call itself. */
    public ItemFailure(
            String kind, String brief, OptionalInt status, Optional<String> phase, String message, boolean retryable) {
        this(kind, brief, status, phase, message, retryable, Optional.empty());
    }

    /** A failure of {@code part} after the call. */
    public static ItemFailure after(String part, String kind, String message) {
        return new ItemFailure(
                kind, kind.replace('_', ' '), OptionalInt.empty(), Optional.empty(), message, false, Optional.of(part));
    }

    /** This failure as one of {@code part}, after the call. */
    public ItemFailure in(String part) {
        return new ItemFailure(kind, brief, status, phase, message, retryable, Optional.of(part));
    }

    /** This failure as one of the call itself, which is simply made again. */
    public ItemFailure ofCall() {
        return new ItemFailure(kind, brief, status, phase, message, retryable, Optional.empty());
    }

    /** This failure as one whose answer could not be kept, for the reason {@code why}. */
    public ItemFailure unkept(String why) {
        return new ItemFailure(UNKNOWN, UNKNOWN, status, phase, message + "; " + why, false, part);
    }

    /** The object under {@code error} in ledger lines and {@code -o jsonl}. */
    public JsonObject json() {
        JsonObject json = new JsonObject().put("kind", kind);
        part.ifPresent(word -> json.put("part", word));
        status.ifPresent(number -> json.put("status", number));
        phase.ifPresent(word -> json.put("phase", word));
        return json.put("message", message).put("retryable", retryable);
    }
}
