package io.vertask.client;

import java.util.Locale;

/**
 * The rows of one statement are larger than {@link SqlLimits#maxRowBytes}. The statement was stopped on the server; one
 * that had ended by then has taken effect.
 */
public final class SqlRowsTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long limit;

    SqlRowsTooLargeException(long limit) {
        super(String.format(Locale.ROOT, "the rows are larger than %,d bytes", limit), null, false, false);
        this.limit = limit;
    }

    /** The limit in bytes. */
    public long limit() {
        return limit;
    }
}
