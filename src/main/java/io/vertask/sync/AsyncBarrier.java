package io.vertask.sync;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.Objects;

/**
 * A reusable barrier: tasks wait at it until a fixed number of them have arrived.
 *
 * <p>{@code barrier.await()} completes when {@code parties} tasks have arrived. Each gets its arrival index, from 0, so
 * that one of them can do work that must be done once.
 *
 * <pre>
 *  filling ──the last party arrives──▶ all resume; filling again
 *     │  ▲
 *   abort │ reset
 *     ▼  │
 *   broken: current and later waits fail
 * </pre>
 *
 * <p>A round is decided when the last party arrives. A task that arrives later belongs to the next round, even if tasks
 * of this round have yet to resume. A later abort or cancel does not undo the round.
 *
 * <p><b>Failure.</b> {@link BarrierBrokenException} when the barrier is broken, or reset during the wait;
 * {@link IllegalStateException} outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled wait leaves the barrier and no longer counts.
 *
 * <p><b>Threads.</b> {@link #await} is for tasks, on any event loop; any thread may call the rest.
 */
public final class AsyncBarrier {
    private final String name;
    private final String waitText;
    private final int parties;
    private final WaitQueue<Integer> queue = new WaitQueue<>();
    private boolean broken;

    private AsyncBarrier(String name, int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("barrier '" + name + "' of " + parties + " parties: it takes 1 or more");
        }
        this.name = name;
        this.waitText = "barrier '" + name + "'";
        this.parties = parties;
    }

    /** A barrier for {@code parties} tasks. */
    public static AsyncBarrier of(int parties) {
        return named("barrier", parties);
    }

    /** {@link #of} with a name, shown in messages and in the task tree. */
    public static AsyncBarrier named(String name, int parties) {
        Objects.requireNonNull(name, "AsyncBarrier.named: name is null");
        return new AsyncBarrier(name, parties);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /** The number of tasks that must arrive before all resume. */
    public int parties() {
        return parties;
    }

    /**
     * Waits until all parties have arrived, and gives this task's arrival index, from 0 to {@code parties - 1}. The
     * last to arrive does not wait. asyncio's {@code wait}.
     */
    public Future<Integer> await() {
        return Waiter.await(waitText, this::arrive);
    }

    private void arrive(Waiter<Integer> waiter) {
        synchronized (queue) {
            if (broken) {
                waiter.fail(new BarrierBrokenException("barrier '" + name + "' was aborted"));
            } else if (queue.size() + 1 < parties) {
                queue.enter(waiter);
            } else {
                int index = 0;
                for (Waiter<Integer> earlier : queue.pollAll()) {
                    earlier.resume(index++);
                }
                waiter.completeAtOnce(index);
            }
        }
    }

    /** Returns the barrier to its initial state; every current wait fails. */
    public void reset() {
        synchronized (queue) {
            broken = false;
            failAll("was reset");
        }
    }

    /** Breaks the barrier: current and later waits fail, until {@link #reset}. */
    public void abort() {
        synchronized (queue) {
            broken = true;
            failAll("was aborted");
        }
    }

    private void failAll(String why) {
        queue.pollAll().forEach(waiter -> waiter.fail(new BarrierBrokenException("barrier '" + name + "' " + why)));
    }

    /** Whether the barrier is broken: aborted, and not reset since. */
    public boolean isBroken() {
        synchronized (queue) {
            return broken;
        }
    }

    /** The number of tasks that wait. */
    public int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    @Override
    public String toString() {
        return "barrier '" + name + "': " + (isBroken() ? "broken" : waiting() + " of " + parties + " have arrived");
    }
}
