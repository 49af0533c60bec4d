package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.workload.CallFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one item ended; or a {@link Part} of its result, which comes before its end and is no end: it is printed, and
 * counted and recorded nowhere.
 *
 * @param end ok, failed, or cancelled before it was either
 * @param line what goes to stdout; empty: nothing
 * @param value the result as JSON has it; null unless it is ok
 * @param failure why it failed; empty unless it did
 * @param attempts how often it was tried, over all its parts
 * @param took from its first slot to its end
 * @param again it had failed in an earlier process of the run
 * @param part the rows of one page; empty for an item's end
 */
record ItemResult(
        Item item,
        End end,
        Optional<String> line,
        @Nullable Object value,
        Optional<CallFailure> failure,
        int attempts,
        Duration took,
        boolean again,
        Optional<Part> part) {
    enum End {
        OK,
        FAILED,
        CANCELLED,
        PART
    }

    /**
     * Rows that are printed before their item has ended, each as if it were a result.
     *
     * @param rows one for each output record
     * @param written is told, from any thread, when they are: the item fetches its next page after that
     */
    record Part(List<One> rows, Runnable written) {

        /** One row: its line, unless there is nothing to print, and its value. */
        record One(Optional<String> line, @Nullable Object value) {}
    }

    static ItemResult part(Item item, Part rows, int attempts, Duration took) {
        return new ItemResult(
                item, End.PART, Optional.empty(), null, Optional.empty(), attempts, took, false, Optional.of(rows));
    }

    boolean isPart() {
        return part.isPresent();
    }

    static ItemResult ok(Item item, Optional<String> line, @Nullable Object value, int attempts, Duration took) {
        return new ItemResult(item, End.OK, line, value, Optional.empty(), attempts, took, false, Optional.empty());
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
                false,
                Optional.empty());
    }

    static ItemResult cancelled(Item item, int attempts, Duration took) {
        return new ItemResult(
                item, End.CANCELLED, Optional.empty(), null, Optional.empty(), attempts, took, false, Optional.empty());
    }

    /** This result, of an item that had failed before. */
    ItemResult doneAgain() {
        return new ItemResult(item, end, line, value, failure, attempts, took, true, part);
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
