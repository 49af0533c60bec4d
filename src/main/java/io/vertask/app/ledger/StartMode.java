package io.vertask.app.ledger;

import java.util.Optional;

/**
 * The way a run begins in relation to earlier runs.
 *
 * @param run the run to resume; empty for the latest run of the same job
 */
public record StartMode(Kind kind, Optional<String> run) {

    /** The ways to begin. */
    public enum Kind {
        /** A new run without a ledger, which ignores earlier runs. */
        UNRECORDED,
        /** A new run; a note mentions an unfinished earlier run. */
        NEW,
        /** A new run that ignores earlier runs. */
        FRESH,
        /** An earlier run that is resumed; items that are done or have failed are skipped. */
        RESUME,
        /** An earlier run that is resumed; items that have failed are done again. */
        RETRY_FAILED
    }

    /** A mode of that kind that names no run. */
    public static StartMode of(Kind kind) {
        return new StartMode(kind, Optional.empty());
    }

    boolean goesOn() {
        return kind == Kind.RESUME || kind == Kind.RETRY_FAILED;
    }
}
