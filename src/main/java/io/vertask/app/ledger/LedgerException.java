package io.vertask.app.ledger;

/** A run can't be begun or gone on with: its message says what, where and the fix; nothing was sent. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean asked;

    private LedgerException(String message, boolean asked) {
        super(message, null, false, false);
        this.asked = asked;
    }

    /** What was asked for makes no sense: there is no such run, or it is of another job. */
    static LedgerException asked(String message) {
        return new LedgerException(message, true);
    }

    /** A file or folder can't be used. */
    static LedgerException file(String message) {
        return new LedgerException(message, false);
    }

    /** Whether the command line is to be changed, rather than a file or folder. */
    public boolean isUsage() {
        return asked;
    }
}
