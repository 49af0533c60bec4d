package io.vertask.task;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a supervised group does when a child fails: the failure stays the child's own, the siblings go on, and the child
 * is started again or not.
 *
 * <p>{@code TaskGroup.Options.named("pollers").supervised(Supervision.restarting(5, ofMinutes(1)))}. Only a child that
 * fails more often than that within the time fails the group, with {@link ChildFailedException}.
 *
 * @param restarts how often one child is started again within {@code within}
 * @param within the time in which restarts are counted, up to now
 * @param backoff the pause before a restart, after so many failures within {@code within}
 * @param onFailure told of each failure that is followed by a restart; null: the exception handler of the context is
 */
public record Supervision(
        int restarts,
        Duration within,
        Backoff backoff,
        @Nullable Consumer<? super ChildFailedException> onFailure) {
    /** Refuses what can't be counted. */
    public Supervision {
        if (restarts < 0 || within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("Supervision: " + restarts + " restarts within " + within
                    + " can't be counted; name 0 or more restarts within a time longer than zero");
        }
    }

    /**
     * No restart: the end of a failed child is for whoever looks at it, or for the exception handler. Kotlin's
     * {@code supervisorScope}.
     */
    public static Supervision reporting() {
        return new Supervision(0, Duration.ofNanos(1), Backoff.NONE, null);
    }

    /** Up to {@code restarts} within {@code within} for each child, at once. */
    public static Supervision restarting(int restarts, Duration within) {
        if (restarts < 1) {
            throw new IllegalArgumentException("Supervision.restarting: " + restarts
                    + " restarts are none; name 1 or more, or use Supervision.reporting()");
        }
        return new Supervision(restarts, within, Backoff.NONE, null);
    }

    /** With this pause before a restart. */
    public Supervision backoff(Backoff pause) {
        return new Supervision(restarts, within, pause, onFailure);
    }

    /** Tells {@code listener}, and not the exception handler, of each failure that is followed by a restart. */
    public Supervision onFailure(Consumer<? super ChildFailedException> listener) {
        return new Supervision(restarts, within, backoff, listener);
    }
}
