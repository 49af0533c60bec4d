package io.vertask.app.run;

import io.vertask.app.journal.ItemEnd;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The destination of a run's results.
 *
 * <p>This port can hold up a run, unlike a listener of the journal. A run has a bound on the items that have begun and
 * are not written; {@link Back#written} frees a place. An item may be recorded as done only after its result is
 * written, so that no result is missing after a {@code kill -9}.
 *
 * <p><b>Threads.</b> Called on the run's event loop, so no method may block. It calls {@link Back} from any thread.
 */
public interface Sink {

    /** The callbacks of a sink to its run. */
    interface Back {
        /** Called once for each {@link Sink#ended}, when the result is written and recorded or never will be. */
        void written();

        /** Called before {@link #written} when the end of an item is another one than that of its result. */
        void changed(ItemEnd was, ItemEnd now);

        /** Called when nothing can be written any more. Only the first call counts. */
        void broken(Broken why);
    }

    /**
     * The reason why nothing can be written any more.
     *
     * @param words the message for people; empty when the reader of the results has gone
     * @param bug an error that is a bug of the program; null otherwise
     */
    record Broken(Optional<String> words, @Nullable Throwable bug) {}

    /**
     * Opens the sink, once, before the first item begins.
     *
     * <p><b>Failure.</b> {@link io.vertask.app.workload.StartFailure} when nothing can be written.
     */
    Future<Void> open(Back back);

    /** Takes the result of an item, in input order unless the run is unordered. A cancelled item has no output. */
    void ended(Result result);

    /** Takes rows of an item that goes on, at the item's place in the order. */
    void rows(PageRows page);

    /** Whether it writes the lines of {@code print}; otherwise none are made. */
    default boolean printsLines() {
        return true;
    }

    /** Whether it may refuse a result, whose answer is kept then. */
    default boolean mayRefuse() {
        return false;
    }

    /**
     * The end of the output.
     *
     * @param isWhole whether everything was written; false when that was given up
     * @param items the number of items whose results were written and recorded
     */
    record Closed(boolean isWhole, long items) {}

    /** Ends the output. */
    Future<Closed> close();
}
