package io.vertask.testkit;

import io.vertask.task.CancelReason;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Scheduling;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The result of running a program on a virtual clock, in an order that a seed decides.
 *
 * <p>The same seed gives the same interleaving, and the same random numbers to the library.
 * {@link #cancelledAtEveryTurn} runs a program again and again, each time cancelled one turn later, so that a cancel
 * hits every point at which the program can be interrupted.
 *
 * @param outcome the outcome of the main task
 * @param turns the number of turns on the ready queue
 * @param elapsed the virtual time that passed
 * @param unhandled the errors that reached the context's exception handler
 * @param pendingTimers the number of timers left behind
 */
public record VirtualRun<T>(
        Outcome<T> outcome, int turns, Duration elapsed, List<Throwable> unhandled, int pendingTimers) {
    private static final long REAL_SECONDS = 20;
    /** A lock of its own, since Vert.x takes the monitor of the Vertx on the event loop. */
    private static final Object ONE_AT_A_TIME = new Object();

    /** Holds one Vertx for all runs; its threads are daemons, so it does not keep the JVM alive. */
    private static final class Holder {
        static final Vertx VERTX =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
    }

    /** Runs {@code main} with ready steps in first-in, first-out order. */
    public static <T> VirtualRun<T> of(Coroutine<T> main) {
        return run(main, null, -1);
    }

    /** Runs {@code main} with ready steps in the order of {@code seed}. */
    public static <T> VirtualRun<T> seeded(long seed, Coroutine<T> main) {
        return run(main, new Random(seed), -1);
    }

    /** Runs {@code main} first in, first out, with the main task cancelled before turn {@code turn}. */
    public static <T> VirtualRun<T> cancelledAt(int turn, Coroutine<T> main) {
        return run(main, null, turn);
    }

    /**
     * Runs a fresh program for each turn of an undisturbed run, cancelled there, and hands every run to {@code check}.
     *
     * @return the number of runs
     */
    public static <T> int cancelledAtEveryTurn(Supplier<Coroutine<T>> program, Check<T> check) {
        int turns = of(program.get()).turns();
        for (int turn = 0; turn <= turns; turn++) {
            check.check(turn, cancelledAt(turn, program.get()));
        }
        return turns + 1;
    }

    /** A check of each run. */
    @FunctionalInterface
    public interface Check<T> {
        /** Checks {@code run}, whose main task was cancelled before turn {@code turn}. */
        void check(int turn, VirtualRun<T> run);
    }

    static <T> VirtualRun<T> run(Coroutine<T> main, @Nullable Random random, int cancelAt) {
        VirtualClock clock = new VirtualClock();
        List<Throwable> unhandled = new CopyOnWriteArrayList<>();
        Turns<T> turns = new Turns<>(random, cancelAt);
        Outcome<T> outcome;
        // one at a time: the scheduling is a setting of the whole Vertx
        synchronized (ONE_AT_A_TIME) {
            Scheduling.install(Holder.VERTX, new Scheduling(clock, turns, random != null ? random : new Random(0)));
            Context context = ((VertxInternal) Holder.VERTX).createEventLoopContext();
            context.exceptionHandler(unhandled::add);
            CountDownLatch over = new CountDownLatch(1);
            context.runOnContext(go -> {
                Task<T> task = Tasks.start("main", main);
                turns.main = task;
                task.future().onComplete(end -> {
                    // now: a clock with nothing left to run would jump to a timer that was left behind
                    turns.elapsed = clock.elapsed();
                    turns.pendingTimers = clock.pending();
                    over.countDown();
                });
            });
            outcome = await(over, turns);
            CountDownLatch settled = new CountDownLatch(1);
            // effects of the last turn (a report, a timer) have happened when this runs
            context.runOnContext(a -> context.runOnContext(b -> settled.countDown()));
            await(settled, turns);
        }
        return new VirtualRun<>(outcome, turns.taken, turns.elapsed, List.copyOf(unhandled), turns.pendingTimers);
    }

    private static <T> Outcome<T> await(CountDownLatch latch, Turns<T> turns) {
        try {
            if (!latch.await(REAL_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "hangs: nothing can run and no timer is set, after " + turns.taken + " turns; " + turns.main);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the program ran", e);
        }
        Task<T> main = turns.main;
        return main == null
                ? new Outcome.Failure<>(new AssertionError("never started"))
                : main.tryOutcome().orElseThrow();
    }

    private static final class Turns<T> implements Scheduling.Picker {
        private final @Nullable Random random;
        private final int cancelAt;
        private volatile int taken;
        private volatile int pendingTimers;
        private volatile Duration elapsed = Duration.ZERO;
        private volatile @Nullable Task<T> main;

        Turns(@Nullable Random random, int cancelAt) {
            this.random = random;
            this.cancelAt = cancelAt;
        }

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
    }
}
