package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.workload.CallFailure;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one item ended.
 *
 * @param end ok, failed, or cancelled before it was either
 * @param line what goes to stdout; empty: nothing
 * @param value the result as JSON has it; null unless it is ok
 * @param failure why it failed; empty unless it did
 * @param attempts how often it was tried, over all its parts
 * @param took from its first slot to its end
 * @param again it had failed in an earlier process of the run
 */
record ItemResult(
        Item item,
        End end,
        Optional<String> line,
        @Nullable Object value,
        Optional<CallFailure> failure,
        int attempts,
        Duration took,
        boolean again) {
    enum End {
        OK,
        FAILED,
        CANCELLED
    }

    static ItemResult ok(Item item, Optional<String> line, @Nullable Object value, int attempts, Duration took) {
        return new ItemResult(item, End.OK, line, value, Optional.empty(), attempts, took, false);
    }

    /** A failed item; its line says why. */
    static ItemResult failed(Item item, CallFailure why, int attempts, Duration took) {
        String line = item.key() + ": ERROR - " + why.getMessage();
        return new ItemResult(
                item,
                End.FAILED,
                Optional.of(line.replaceAll("\\s*\\R\\s*", " ")),
                null,
                Optional.of(why),
                attempts,
                took,
                false);
    }

    static ItemResult cancelled(Item item, int attempts, Duration took) {
        return new ItemResult(item, End.CANCELLED, Optional.empty(), null, Optional.empty(), attempts, took, false);
    }

    /** This result, of an item that had failed before. */
    ItemResult doneAgain() {
        return new ItemResult(item, end, line, value, failure, attempts, took, true);
    }

    long n() {
        return item.n();
    }

    String key() {
        return item.key();
    }

    /** The kind of failure, by which the summary counts; empty unless it failed. */
    String brief() {
        return failure.map(CallFailure::brief).orElse("");
    }
}
