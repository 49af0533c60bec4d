package io.vertask.app.run;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Decides when an attempt may begin: there is a slot for it, it is its turn at the rate, and no server has asked for a
 * pause that it has to keep.
 *
 * <p>It is an interface so that slots and rates that are leased from elsewhere fit in its place.
 *
 * <p><b>Threads.</b> The run's event loop.
 */
public interface Admission {
    /** The site of every item of a job that has a client: its pauses hold for all items. */
    String EVERYONE = "";

    /**
     * The right to make one attempt.
     *
     * <p>{@link #release} gives it back; a second call does nothing.
     */
    interface Permit {
        /** A number from 0 to {@code concurrency - 1}; two permits that are held at once have different ones. */
        int slot();

        /** Gives the slot back. */
        void release();
    }

    /**
     * Waits for a permit.
     *
     * <p><b>Cancellation.</b> Ends the wait; no permit is held then.
     *
     * @param n the item, for the journal
     * @param begun whether the item has begun
     * @param site which pauses it has to keep besides those for everyone; asked only while a pause is on
     */
    Future<Permit> take(long n, boolean begun, Supplier<String> site);

    /** A server asks all calls of {@code site} to wait; true when none of its pauses was on. */
    boolean pause(String site, Duration length);

    /** How long a call of the site has to wait at least; zero when no pause is on. */
    Duration pauseLeft(Supplier<String> site);
}
