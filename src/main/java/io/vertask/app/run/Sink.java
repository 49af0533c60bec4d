package io.vertask.app.run;

import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the results of a run go.
 *
 * <p>This port can hold up a run, unlike a listener of the journal. A run has a bound on the items that have begun and
 * are not written; {@link Back#written} frees a place. An item may be recorded as done only after its result is out, so
 * that no result is missing after a {@code kill -9}.
 *
 * <p><b>Threads.</b> Called on the run's event loop, so no method may block. It calls {@link Back} from any thread.
 */
public interface Sink {

    /** How a sink answers the run. */
    interface Back {
        /** The result of an item is out and recorded, or never will be. Once for each {@link Sink#ended}. */
        void written();

        /** Nothing can be written any more. Only the first call counts. */
        void broken(Broken why);
    }

    /**
     * Why nothing can be written any more.
     *
     * @param words for people; empty when the reader of the results has gone
     * @param bug an error that is a bug of the program; null otherwise
     */
    record Broken(Optional<String> words, @Nullable Throwable bug) {}

    /**
     * Opens it, once, before the first item begins.
     *
     * <p><b>Failure.</b> {@link io.vertask.app.workload.StartFailure} when nothing can be written.
     */
    Future<Void> open(Back back);

    /** An item has ended; in input order, unless the run is unordered. A cancelled one leaves nothing. */
    void ended(Result result);

    /** Rows of an item that goes on; in its place in the order. */
    void rows(PageRows page);

    /** Nothing more comes. The value is true when everything was written, false when it was given up. */
    Future<Boolean> close();
}
