package io.vertask.app.run;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The admission of attempts: an attempt begins when it has a slot, when the rate allows it, and when no pause of a
 * server applies to it.
 *
 * <p>It is an interface so that another implementation can lease slots and rates from elsewhere.
 *
 * <p><b>Threads.</b> The run's event loop.
 */
public interface Admission {
    /** The site of every item of a job that has a client; its pauses apply to all items. */
    String EVERYONE = "";

    /**
     * The right to make one attempt.
     *
     * <p>{@link #release} gives the slot back; a second call does nothing.
     */
    interface Permit {
        /**
         * A number from 0 to {@code concurrency - 1}; two permits that are held at the same time have different
         * numbers.
         */
        int slot();

        /** Gives the slot back. */
        void release();
    }

    /**
     * Waits for a permit.
     *
     * <p><b>Cancellation.</b> Ends the wait; no permit is held afterwards.
     *
     * @param n the item, for the journal
     * @param begun whether the item has begun
     * @param site the site whose pauses apply besides those for everyone; asked for only during a pause
     */
    Future<Permit> take(long n, boolean begun, Supplier<String> site);

    /** Begins or lengthens a pause of all calls of {@code site}; returns true when no pause of it was active. */
    boolean pause(String site, Duration length);

    /** The time that is left of the site's pause; zero when no pause is active. */
    Duration pauseLeft(Supplier<String> site);
}
