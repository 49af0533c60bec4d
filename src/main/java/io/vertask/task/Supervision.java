package io.vertask.task;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a supervised group for a child that fails: the failure stays the child's own, the siblings go on, and
 * the child may be started again.
 *
 * <p>{@code TaskGroup.Options.named("pollers").supervised(Supervision.restarting(5, ofMinutes(1)))}. A child that fails
 * more often than that within the time fails the group, with {@link ChildFailedException}.
 *
 * @param restarts the number of times that one child is started again within {@code within}
 * @param within the time, up to now, in which restarts are counted
 * @param backoff the pause before a restart, given the number of failures within {@code within}
 * @param onFailure called for each failure that is followed by a restart; null reports it to the exception handler of
 *     the context
 */
public record Supervision(
        int restarts,
        Duration within,
        Backoff backoff,
        @Nullable Consumer<? super ChildFailedException> onFailure) {
    /** Refuses a negative number of restarts, and a time of zero or less. */
    public Supervision {
        Objects.requireNonNull(within, "Supervision: within is null");
        Objects.requireNonNull(backoff, "Supervision: backoff is null");
        if (restarts < 0 || within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("Supervision: " + restarts + " restarts within " + within
                    + " can't be counted; name 0 or more restarts within a time longer than zero");
        }
    }

    /**
     * No restart: a child's failure is for the code that looks at the child, or for the exception handler. Kotlin's
     * {@code supervisorScope}.
     */
    public static Supervision reporting() {
        return new Supervision(0, Duration.ofNanos(1), Backoff.NONE, null);
    }

    /** Up to {@code restarts} within {@code within} for each child, without a pause. */
    public static Supervision restarting(int restarts, Duration within) {
        Objects.requireNonNull(within, "Supervision.restarting: within is null");
        if (restarts < 1) {
            throw new IllegalArgumentException("Supervision.restarting: " + restarts
                    + " restarts are none; name 1 or more, or use Supervision.reporting()");
        }
        return new Supervision(restarts, within, Backoff.NONE, null);
    }

    /** With {@code pause} before a restart. */
    public Supervision backoff(Backoff pause) {
        Objects.requireNonNull(pause, "Supervision.backoff: pause is null");
        return new Supervision(restarts, within, pause, onFailure);
    }

    /** Calls {@code listener}, not the exception handler, for each failure that is followed by a restart. */
    public Supervision onFailure(Consumer<? super ChildFailedException> listener) {
        Objects.requireNonNull(listener, "Supervision.onFailure: listener is null");
        return new Supervision(restarts, within, backoff, listener);
    }
}
