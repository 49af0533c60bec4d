package io.vertask.app.run;

/**
 * Which items an earlier process of the run has done.
 *
 * <p><b>Threads.</b> The run's event loop.
 */
@FunctionalInterface
public interface Skips {
    /** What is to be done with an item. */
    enum Verdict {
        /** It is new. */
        DO,
        /** It had failed, and is tried again. */
        DO_AGAIN,
        /** It is done. */
        SKIP_OK,
        /** It had failed, and stays so. */
        SKIP_FAILED
    }

    /** A run of which nothing is done. */
    Skips NONE = key -> Verdict.DO;

    /** Asked once for each item of the input; {@code key} is the item's key as the ledger writes it. */
    Verdict of(String key);
}
