package io.vertask.app.ledger;

/** The failure to begin or resume a run. The message names the problem, the place and the fix; nothing was sent. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean asked;

    private LedgerException(String message, boolean asked) {
        super(message, null, false, false);
        this.asked = asked;
    }

    /** A wrong request: there is no such run, or it is a run of another job. */
    static LedgerException asked(String message) {
        return new LedgerException(message, true);
    }

    /** A failure to use a file or folder. */
    static LedgerException file(String message) {
        return new LedgerException(message, false);
    }

    /** Whether the command line has to be changed, and not a file or folder. */
    public boolean isUsage() {
        return asked;
    }
}
