package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The system's clock, except that one alarm, known by its length, goes off when the test says so. */
final class HandTimers implements Timers {
    private final long length;
    private final AtomicReference<@Nullable Runnable> alarm = new AtomicReference<>();

    private HandTimers(Duration length) {
        this.length = length.toNanos();
    }

    static HandTimers installedIn(Vertx vertx, Duration length) {
        HandTimers timers = new HandTimers(length);
        Scheduling.install(vertx, new Scheduling(timers, null));
        return timers;
    }

    boolean isSet() {
        return alarm.get() != null;
    }

    /** On the event loop. */
    void goOff() {
        Objects.requireNonNull(alarm.get()).run();
    }

    @Override
    public long nanoTime() {
        return SYSTEM.nanoTime();
    }

    @Override
    public Alarm set(EventLoop loop, long nanos, Runnable action) {
        if (nanos != length) {
            return SYSTEM.set(loop, nanos, action);
        }
        alarm.set(action);
        // too late to be taken back: it has gone off, and its turn is coming
        return () -> {};
    }
}
