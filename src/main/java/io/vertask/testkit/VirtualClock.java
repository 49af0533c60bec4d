package io.vertask.testkit;

import io.netty.channel.EventLoop;
import io.vertask.task.Timers;
import java.time.Duration;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * A virtual clock: it stands still while anything can run, and jumps to the next timer when nothing can.
 *
 * <p>It also stands still while a task waits for something that takes real time: an HTTP call, a query, a job on
 * another thread ({@link io.vertask.task.Waiter#outside}). It does not stand still for a plain future that is completed
 * from outside.
 *
 * <p><b>Threads.</b> One event loop.
 */
public final class VirtualClock implements Timers {
    private record Entry(long at, long number, Runnable action) {}

    /** A tree, since many are taken back. */
    private final TreeSet<Entry> entries =
            new TreeSet<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::number));

    private long now;
    private long count;
    /** The number of ready queues with something to run. */
    private int busy;
    /** The number of waits for sockets and threads, which take real time. */
    private int outside;
    /** Whether time can't go on: nothing can run, no timer is set, and nothing outside is waited for. */
    private volatile boolean dry;

    /** A clock at zero, without timers. */
    public VirtualClock() {}

    @Override
    public long nanoTime() {
        return now;
    }

    /** The virtual time since the start. */
    public Duration elapsed() {
        return Duration.ofNanos(now);
    }

    /** The number of timers that are set. */
    public int pending() {
        return entries.size();
    }

    /** Whether this clock has stopped for good, unless another thread makes something ready; from any thread. */
    boolean isDry() {
        return dry;
    }

    @Override
    public Alarm set(EventLoop loop, long nanos, Runnable action) {
        dry = false;
        Entry entry = new Entry(now + nanos, count++, action);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    @Override
    public void busy(EventLoop loop) {
        dry = false;
        busy++;
    }

    @Override
    public void idle(EventLoop loop) {
        busy--;
        // after the tasks the loop has already, which may make something ready
        loop.execute(() -> jump(loop));
    }

    @Override
    public void outside(EventLoop loop, int change) {
        dry = false;
        outside += change;
    }

    private void jump(EventLoop loop) {
        Entry next = busy == 0 && outside == 0 ? entries.pollFirst() : null;
        if (next == null) {
            dry = busy == 0 && outside == 0;
            return;
        }
        now = next.at();
        next.action().run();
        // timers that are due at the same instant fire together, as on a real clock
        while (!entries.isEmpty() && entries.first().at() == now) {
            entries.pollFirst().action().run();
        }
        // if that made nothing ready, no further idle signal comes
        loop.execute(() -> jump(loop));
    }
}
