package io.vertask.server;

/** A request has a deadline that is not a number of milliseconds, so its work was not started. */
public final class MalformedDeadlineException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 40;

    MalformedDeadlineException(String header, String value) {
        super(header + ": '" + (value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value)
                + "' is not a number of milliseconds; send digits only, such as 1500, or leave the header out");
    }
}
