package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertx.core.impl.VertxThread;
import java.util.concurrent.TimeUnit;

/**
 * The clock and the timers that tasks wait for, which a test can replace by a virtual clock. Limits of a socket or a
 * thread go by the system's clock; a virtual clock stands still while a task waits for one.
 *
 * <p><b>Threads.</b> All methods are called on the event loop that is named.
 */
public interface Timers {
    /** A timer that has been set. */
    interface Alarm {
        /** Takes the timer back; it has no effect once the timer has gone off. */
        void cancel();
    }

    /** Nanoseconds on a clock that only goes forward, with no defined zero. */
    long nanoTime();

    /** A reading of that clock which costs nothing and may be as old as the present turn of the event loop. */
    default long recentNanoTime() {
        return nanoTime();
    }

    /** Calls {@code action} on {@code loop} once {@code nanos} have passed. */
    Alarm set(EventLoop loop, long nanos, Runnable action);

    /** Called when a ready queue of {@code loop} that was empty has something to run. */
    default void busy(EventLoop loop) {}

    /** Called when that queue is empty again; when all are, a virtual clock jumps. */
    default void idle(EventLoop loop) {}

    /**
     * Called when a wait for something outside of the loop, a socket or a thread, has begun ({@code change} 1) or is
     * over (-1); during such a wait a virtual clock stands still.
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
            // Vert.x reads the clock at the beginning of a dispatch, to check for blocked threads
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
