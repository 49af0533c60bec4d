package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertx.core.impl.VertxThread;
import java.util.concurrent.TimeUnit;

/**
 * The time seam: every timer that tasks wait for is set here, so that a test can put a clock of its own in the place.
 * What limits a socket or a thread goes by the system's clock: a virtual one stands still while such a thing is
 * awaited.
 *
 * <p><b>Threads.</b> All methods are called on the event loop that is named.
 */
public interface Timers {
    /** A timer that has been set. */
    interface Alarm {
        /** Takes the timer back; without effect once it has gone off. */
        void cancel();
    }

    /** Nanoseconds on a clock that only goes forward, with no defined zero. */
    long nanoTime();

    /**
     * A reading of that clock which is free and may be a little old: as old as the turn of the event loop that is under
     * way.
     */
    default long recentNanoTime() {
        return nanoTime();
    }

    /** Calls {@code action} on {@code loop} once {@code nanos} have passed. */
    Alarm set(EventLoop loop, long nanos, Runnable action);

    /** Told when a ready queue of {@code loop} that was dry has something to run. */
    default void busy(EventLoop loop) {}

    /** Told when that queue has run dry again; when all have, a virtual clock jumps. */
    default void idle(EventLoop loop) {}

    /**
     * Told when a wait for something outside of the loop, a socket or a thread, has begun ({@code change} 1) or is over
     * (-1); while there is one, a virtual clock stands still.
     */
    default void outside(EventLoop loop, int change) {}

    /** The event loop's own timers and the system's clock. */
    Timers SYSTEM = new Timers() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long recentNanoTime() {
            // Vert.x reads the clock at the beginning of a dispatch, for its check of blocked threads
            long begun = Thread.currentThread() instanceof VertxThread thread ? thread.startTime() : 0;
            return begun == 0 ? System.nanoTime() : begun;
        }

        @Override
        public Alarm set(EventLoop loop, long nanos, Runnable action) {
            var scheduled = loop.schedule(action, nanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }
    };
}
