package io.vertask.direct;

import java.util.Arrays;
import java.util.Set;

/** Where a failure comes from, when it was made on one thread and is thrown on another. */
final class StackTraces {
    private static final Set<String> MACHINERY = Set.of(
            Direct.class.getName(),
            StraightLine.class.getName(),
            StraightLineBlock.class.getName(),
            AwaitedResult.class.getName(),
            StackTraces.class.getName());
    /** A failure that passes through many awaits gets no longer than this. */
    private static final int FRAMES = 256;

    private StackTraces() {}

    /**
     * The same exception, as unchecked; its stack trace goes on with the code that awaits it, from the call of
     * {@code Direct} on. One without a trace, such as a cancellation, stays without.
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

    /** The stack, from the last frame of this room before the user's code. */
    private static StackTraceElement[] awaited() {
        StackTraceElement[] all = new Throwable().getStackTrace();
        int user = 0;
        while (user < all.length && MACHINERY.contains(all[user].getClassName())) {
            user++;
        }
        return Arrays.copyOfRange(all, Math.max(0, user - 1), all.length);
    }

    /** Made by this very code, in a block that it has left since: it tells all there is to tell already. */
    private static boolean endsWith(StackTraceElement[] made, StackTraceElement[] awaited) {
        int user = awaited.length - 1;
        return made.length >= user && Arrays.equals(made, made.length - user, made.length, awaited, 1, awaited.length);
    }
}
