package io.vertask.testkit;

import io.vertask.task.CancelReason;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Scheduling;
import io.vertask.task.Survey;
import io.vertask.task.Task;
import io.vertask.task.TaskInfo;
import io.vertask.task.Tasks;
import io.vertask.task.Timers;
import io.vertask.trace.TaskTree;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One program on a virtual clock, from its start to its end or to the moment when it hangs.
 *
 * <p>It hangs when its main task waits while nothing can run, no timer is set, and no wait is
 * {@link io.vertask.task.Waiter#outside outside}. Another thread may still complete a plain future, so the thread of
 * the test gives it {@link #GRACE_NANOS} more.
 */
final class VirtualProgram<T> implements Scheduling.Picker {
    /** The turn of a cancel that never comes. */
    static final int NEVER = -1;

    /** The longest time that a run may take which waits for something outside. */
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_MS = 10;
    /** A lock of its own, since Vert.x takes the monitor of the Vertx on the event loop. */
    private static final Object ONE_AT_A_TIME = new Object();

    /** Holds one Vertx for all runs; its threads are daemons, so it does not keep the JVM alive. */
    private static final class Holder {
        static final Vertx VERTX =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    }

    private final @Nullable Long seed;
    private final @Nullable Random random;
    private final int cancelAt;
    private final VirtualClock clock = new VirtualClock();
    private volatile int taken;
    private volatile int pendingTimers;
    private volatile Duration elapsed = Duration.ZERO;
    private volatile @Nullable Task<T> main;

    private VirtualProgram(@Nullable Long seed, int cancelAt) {
        this.seed = seed;
        this.random = seed == null ? null : new Random(seed);
        this.cancelAt = cancelAt;
    }

    /**
     * Runs {@code main} in the order of {@code seed}, or first in, first out; cancelled before turn {@code cancelAt}.
     */
    static <T> VirtualRun<T> run(Coroutine<T> main, @Nullable Long seed, int cancelAt) {
        Objects.requireNonNull(main, "VirtualRun: main is null");
        // one at a time: the scheduling is a setting of the whole Vertx
        synchronized (ONE_AT_A_TIME) {
            return new VirtualProgram<T>(seed, cancelAt).run(main);
        }
    }

    private VirtualRun<T> run(Coroutine<T> program) {
        List<Throwable> unhandled = new CopyOnWriteArrayList<>();
        Random numbers = random;
        Scheduling.install(Holder.VERTX, new Scheduling(clock, this, numbers != null ? numbers : new Random(0)));
        Context context = ((VertxInternal) Holder.VERTX).createEventLoopContext();
        context.exceptionHandler(unhandled::add);
        CountDownLatch over = new CountDownLatch(1);
        context.runOnContext(go -> {
            Task<T> task = Tasks.start("main", program);
            main = task;
            task.future().onComplete(end -> {
                // now: a clock with nothing left to run would jump to a timer that was left behind
                elapsed = clock.elapsed();
                pendingTimers = clock.pending();
                over.countDown();
            });
        });
        await(over);
        CountDownLatch settled = new CountDownLatch(1);
        // effects of the last turn (a report, a timer) have happened when this runs
        context.runOnContext(a -> context.runOnContext(b -> settled.countDown()));
        await(settled);
        Task<T> task = main;
        Outcome<T> outcome = task == null
                ? new Outcome.Failure<>(new AssertionError("never started"))
                : task.tryOutcome().orElseThrow();
        return new VirtualRun<>(outcome, taken, elapsed, unhandled, pendingTimers);
    }

    // ---- on the event loop

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written on the event loop only
    public int pick(int ready) {
        Task<T> task = main;
        if (taken == cancelAt && task != null) {
            task.cancel(CancelReason.user("at turn " + taken));
        }
        taken++;
        return random == null ? 0 : random.nextInt(ready);
    }

    // ---- on the thread of the test

    private void await(CountDownLatch latch) {
        long begun = Timers.SYSTEM.nanoTime();
        long dryFrom = begun;
        int turns = -1;
        try {
            while (!latch.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
                long now = Timers.SYSTEM.nanoTime();
                if (!clock.isDry() || taken != turns) {
                    dryFrom = now;
                    turns = taken;
                }
                if (now - dryFrom > GRACE_NANOS) {
                    throw hangs("hangs: nothing can run and no timer is set");
                } else if (now - begun > LIMIT_NANOS) {
                    throw hangs("has not ended after " + TimeUnit.NANOSECONDS.toSeconds(LIMIT_NANOS)
                            + " real seconds: it computes, or waits for something outside the virtual clock");
                }
            }
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the program ran", e);
        }
    }

    private AssertionError hangs(String how) throws InterruptedException {
        AssertionError error = new AssertionError("the program " + how + ", after " + taken + " turns and "
                + clock.elapsed() + " of virtual time"
                + (seed == null ? "" : ", with seed " + seed)
                + (cancelAt == NEVER ? "" : ", cancelled before turn " + cancelAt) + "\n" + whoWaitsForWhat());
        stop();
        return error;
    }

    /** Asks the program to stop, since later runs have the same event loop. */
    private void stop() {
        Task<T> task = main;
        if (task != null) {
            task.cancel(CancelReason.user("the test gave it up"));
        }
    }

    private String whoWaitsForWhat() throws InterruptedException {
        // a CompletableFuture, because the event loop that completes it must not take a lock
        CompletableFuture<Survey> answer = new CompletableFuture<>();
        Survey.of(Holder.VERTX).onSuccess(answer::complete);
        try {
            Survey survey = answer.get(LIMIT_NANOS, TimeUnit.NANOSECONDS);
            return TaskTree.of(new Survey(mine(survey.tasks()), survey.silent(), survey.left()))
                    .pstree();
        } catch (TimeoutException | ExecutionException silent) {
            return "the event loop does not answer";
        }
    }

    /** The tasks of this program: not those that an earlier one has left behind. */
    private List<TaskInfo> mine(List<TaskInfo> all) {
        Task<T> task = main;
        Set<@Nullable Long> ids = new HashSet<>();
        // a parent has a smaller id than its children, and comes first
        return all.stream()
                .filter(info -> info.task() == task || ids.contains(info.parent()))
                .peek(info -> ids.add(info.id()))
                .toList();
    }
}
