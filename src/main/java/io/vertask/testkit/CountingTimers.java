package io.vertask.testkit;

import io.netty.channel.EventLoop;
import io.vertask.task.Timers;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The system's timers, with a count of those that are set. */
final class CountingTimers implements Timers {
    private final AtomicInteger set = new AtomicInteger();

    int pending() {
        return set.get();
    }

    @Override
    public long nanoTime() {
        return SYSTEM.nanoTime();
    }

    @Override
    public Alarm set(EventLoop loop, long nanos, Runnable action) {
        AtomicBoolean over = new AtomicBoolean();
        set.incrementAndGet();
        Runnable end = () -> {
            if (over.compareAndSet(false, true)) {
                set.decrementAndGet();
            }
        };
        Alarm alarm = SYSTEM.set(loop, nanos, () -> {
            end.run();
            action.run();
        });
        return () -> {
            end.run();
            alarm.cancel();
        };
    }
}
