package io.vertask.task;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reason of a request to stop.
 *
 * @param kind one of a closed list of causes
 * @param detail any object of the asker's; it reaches the body, the awaiter and the logs unchanged
 */
public record CancelReason(Kind kind, @Nullable Object detail) {
    /** Checks that nothing is null. */
    public CancelReason {
        Objects.requireNonNull(kind, "CancelReason: kind is null");
    }

    /** The causes of a cancellation. */
    public enum Kind {
        /** The user's code called {@code cancel}. */
        USER,
        /** A limit passed. */
        TIMEOUT,
        /** A sibling in the same group or gather failed. */
        SIBLING_FAILED,
        /** Another one in the same race succeeded first. */
        SIBLING_WON,
        /** The body of the enclosing scope ended, and this was left over in it. */
        PARENT_ENDED,
        /** The program or the verticle is stopping. */
        SHUTDOWN,
        /** The client that asked for the work has closed its connection. */
        CLIENT_GONE,
        /** A node lost its right to go on with this work. */
        LEASE_LOST
    }

    /** A plain request of the user's code. */
    public static final CancelReason USER = new CancelReason(Kind.USER, null);

    /** An orderly stop of the program. */
    public static final CancelReason SHUTDOWN = new CancelReason(Kind.SHUTDOWN, null);

    /** A request of the user's code, with a detail. */
    public static CancelReason user(@Nullable Object detail) {
        return new CancelReason(Kind.USER, detail);
    }

    @Override
    public String toString() {
        String words = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        return detail == null ? words : words + " (" + detail + ")";
    }
}
