package io.vertask.direct;

import java.util.Arrays;
import java.util.Set;

/** Extends the stack trace of a failure that was made on one thread and is thrown on another. */
final class StackTraces {
    private static final Set<String> MACHINERY = Set.of(
            Direct.class.getName(),
            StraightLine.class.getName(),
            StraightLineBlock.class.getName(),
            AwaitedResult.class.getName(),
            StackTraces.class.getName());
    /** A trace of this length is not extended any more. */
    private static final int FRAMES = 256;

    private StackTraces() {}

    /**
     * Throws {@code error} unchecked, with the awaiting code added to its stack trace, from the call of {@code Direct}
     * on. An exception without a trace, such as a cancellation, stays without.
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> E thrownHere(Throwable error) throws E {
        StackTraceElement[] made = error.getStackTrace();
        if (made.length > 0 && made.length < FRAMES) {
            StackTraceElement[] awaited = awaited();
            if (!endsWith(made, awaited)) {
                StackTraceElement[] both = Arrays.copyOf(made, made.length + awaited.length);
                System.arraycopy(awaited, 0, both, made.length, awaited.length);
                error.setStackTrace(both);
            }
        }
        throw (E) error;
    }

    /** The current stack, from the last frame of this room before the user's code. */
    private static StackTraceElement[] awaited() {
        StackTraceElement[] all = new Throwable().getStackTrace();
        int user = 0;
        while (user < all.length && MACHINERY.contains(all[user].getClassName())) {
            user++;
        }
        return Arrays.copyOfRange(all, Math.max(0, user - 1), all.length);
    }

    /** Whether {@code made} ends with the awaiting code already: the failure was made in a block of that code. */
    private static boolean endsWith(StackTraceElement[] made, StackTraceElement[] awaited) {
        int user = awaited.length - 1;
        return made.length >= user && Arrays.equals(made, made.length - user, made.length, awaited, 1, awaited.length);
    }
}
