package io.vertask.sync;

import io.vertask.task.Waiter;
import io.vertx.core.Future;

/**
 * A place where a number of tasks wait for each other, again and again.
 *
 * <p>{@code barrier.await()} goes on when {@code parties} tasks have come; each learns the place in which it came, from
 * 0: so one of them can do what is to be done once.
 *
 * <pre>
 *  filling ──the last party comes──▶ all go on; filling again
 *     │  ▲
 *   abort │ reset
 *     ▼  │
 *   broken: whoever waits or comes fails
 * </pre>
 *
 * <p>It is decided when the last one comes: whoever comes after that belongs to the next time, though others may still
 * have their turn to go on; nothing done later, an abort or a cancel, takes it back.
 *
 * <p><b>Failure.</b> {@link BarrierBrokenException} when it is broken, or reset during the wait;
 * {@link IllegalStateException} outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled wait leaves, and doesn't count; the others wait for one more.
 *
 * <p><b>Threads.</b> Any thread may call all but {@link #await}, which is for tasks, on any event loop.
 */
public final class AsyncBarrier {
    private final String name;
    private final String waitText;
    private final int parties;
    private final Line<Integer> line = new Line<>();
    private boolean broken;

    private AsyncBarrier(String name, int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("barrier '" + name + "' of " + parties + " parties: it takes 1 or more");
        }
        this.name = name;
        this.waitText = "barrier '" + name + "'";
        this.parties = parties;
    }

    /** A barrier for so many. */
    public static AsyncBarrier of(int parties) {
        return named("barrier", parties);
    }

    /** {@link #of} with a name for messages and for people who look at the running tasks. */
    public static AsyncBarrier named(String name, int parties) {
        return new AsyncBarrier(name, parties);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /** How many it takes to go on. */
    public int parties() {
        return parties;
    }

    /**
     * Waits until all have come, and gives the place in which this one came, from 0 to {@code parties - 1}. The last to
     * come does not wait. asyncio's {@code wait}.
     */
    public Future<Integer> await() {
        return Waiter.await(waitText, this::arrive);
    }

    private void arrive(Waiter<Integer> waiter) {
        synchronized (line) {
            if (broken) {
                waiter.fail(new BarrierBrokenException("barrier '" + name + "' was aborted"));
            } else if (line.size() + 1 < parties) {
                line.enter(waiter);
            } else {
                int place = 0;
                for (Waiter<Integer> earlier : line.pollAll()) {
                    earlier.resume(place++);
                }
                waiter.completeAtOnce(place);
            }
        }
    }

    /** Makes it as new; whoever waits now fails. */
    public void reset() {
        synchronized (line) {
            broken = false;
            failAll("was reset");
        }
    }

    /** Breaks it: whoever waits or comes later fails, until it is {@link #reset}. */
    public void abort() {
        synchronized (line) {
            broken = true;
            failAll("was aborted");
        }
    }

    private void failAll(String why) {
        line.pollAll().forEach(waiter -> waiter.fail(new BarrierBrokenException("barrier '" + name + "' " + why)));
    }

    /** Whether it was aborted. */
    public boolean isBroken() {
        synchronized (line) {
            return broken;
        }
    }

    /** How many have come and wait. */
    public int waiting() {
        synchronized (line) {
            return line.size();
        }
    }

    @Override
    public String toString() {
        return "barrier '" + name + "': " + (isBroken() ? "broken" : waiting() + " of " + parties + " have come");
    }
}
