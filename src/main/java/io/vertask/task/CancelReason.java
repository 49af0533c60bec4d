package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * Why something was asked to stop.
 *
 * @param kind the closed list of causes
 * @param detail anything the asker wants to tell; it reaches the body, the awaiter and the logs unchanged
 */
public record CancelReason(Kind kind, @Nullable Object detail) {
    /** The causes of a cancellation. */
    public enum Kind {
        /** Somebody called {@code cancel}. */
        USER,
        /** A limit passed. */
        TIMEOUT,
        /** A sibling in the same group or gather failed. */
        SIBLING_FAILED,
        /** Another one in the same race was first. */
        SIBLING_WON,
        /** The enclosing scope ended and this was left over in it. */
        PARENT_ENDED,
        /** The program or the verticle is stopping. */
        SHUTDOWN,
        /** Whoever asked for the work has hung up. */
        CLIENT_GONE,
        /** A node lost the right to go on with this work. */
        LEASE_LOST
    }

    /** A plain request of the user's code. */
    public static final CancelReason USER = new CancelReason(Kind.USER, null);

    /** An orderly stop of the program. */
    public static final CancelReason SHUTDOWN = new CancelReason(Kind.SHUTDOWN, null);

    /** A request of the user's code that says why. */
    public static CancelReason user(@Nullable Object detail) {
        return new CancelReason(Kind.USER, detail);
    }

    @Override
    public String toString() {
        String words = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        return detail == null ? words : words + " (" + detail + ")";
    }
}
