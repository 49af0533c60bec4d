package io.vertask.app.ledger;

import java.util.Optional;

/**
 * What a run has to do with the runs before it.
 *
 * @param run which one to go on with; empty: the latest of the same job
 */
public record StartMode(Kind kind, Optional<String> run) {

    /** The ways to begin. */
    public enum Kind {
        /** Leaves nothing behind and looks at nothing. */
        UNRECORDED,
        /** A new run; a note tells of an unfinished one. */
        NEW,
        /** A new run that never looks at earlier ones. */
        FRESH,
        /** Goes on: skips what is done, and what has failed. */
        RESUME,
        /** Goes on, and does again what has failed. */
        RETRY_FAILED
    }

    /** Without a choice of run. */
    public static StartMode of(Kind kind) {
        return new StartMode(kind, Optional.empty());
    }

    boolean goesOn() {
        return kind == Kind.RESUME || kind == Kind.RETRY_FAILED;
    }
}
