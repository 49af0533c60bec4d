package io.vertask.app.run;

import java.util.Optional;

/**
 * The items that earlier processes of the run have done.
 *
 * <p><b>Threads.</b> The run's event loop.
 */
@FunctionalInterface
public interface Skips {
    /** The decision for an item. */
    enum Verdict {
        /** The item is new and has to be done. */
        DO,
        /** The item failed earlier and has to be done again. */
        DO_AGAIN,
        /** The item is done already and is skipped. */
        SKIP_OK,
        /** The item failed earlier and is skipped. */
        SKIP_FAILED,
        /** The item failed earlier, and its call, which can't be repeated, may have taken effect. */
        SKIP_UNKNOWN
    }

    /** The items of a new run: none is skipped. */
    Skips NONE = key -> Verdict.DO;

    /** Decides for the next item of the input, once for each; {@code key} is its key as in the ledger. */
    Verdict of(String key);

    /** The answer from which an item goes on that {@link #of} has just decided to do; empty: its call is made. */
    default Optional<KeptAnswer> kept(long n, String key) {
        return Optional.empty();
    }
}
