package io.vertask.app.cli;

import io.vertask.app.memory.OutOfMemory;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that ends the process when the run can't be stopped in order.
 *
 * <p>Deadlines, timeouts and signals all act on the event loop, so a step that never gives it back would run for ever.
 * The watchdog sends the loop a question twice a second. When a stop is overdue and the loop has not answered for
 * {@link #PATIENCE}, it names the code that blocks the loop, records the results that are there, and halts with the
 * exit code of that stop. A stop that is overdue for other reasons, such as cleanup that hangs, is ended later.
 *
 * <p>It also ends a process that only collects garbage.
 *
 * <p><b>Threads.</b> Any thread may call.
 */
final class StopWatchdog implements AutoCloseable {
    /** The time that the event loop has to answer once a stop is overdue. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The time after which a blocked event loop is reported, and how often. */
    private static final Duration REPORTED = Duration.ofSeconds(2);

    private static final int REPORTS = 3;

    /** The time that the start and the end of a run have, outside of its event loop, once a stop is overdue. */
    private static final Duration OUTSIDE = Duration.ofSeconds(20);

    /** The time that the cleanup on an event loop that answers has once a stop is overdue. */
    private static final Duration CLEANUP = Duration.ofSeconds(60);

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(500);
    /** The time that counts for one tick, so that a process that was suspended is not taken for a blocked one. */
    private static final long LONGEST_TICK = 2 * TICK;

    private static final long LAST_SECONDS = 5;

    private final Stopper stopper;
    private final Thread owner = Thread.currentThread();
    private final GarbageShare garbage;
    private final Thread thread = new Thread(this::serve, "vertask-watchdog");
    private volatile boolean closed;
    private volatile @Nullable Watched watched;

    // confined to the watchdog's thread
    private long overdue;
    private long idle;
    private int reports;

    /** The run that is watched. */
    interface Stoppable {
        /** A context of the run's event loop. */
        Context loop();

        /** The time, by {@link System#nanoTime}, at which the job's deadline passes. */
        OptionalLong deadline();

        /** The words for an event loop that is blocked by {@code thread}'s code. */
        String blocked(Thread thread, Duration since);

        /** The advice for a step that blocks the loop; empty when it is not the step's fault. */
        String advice();

        /** The advice for a run that has been ended. */
        String next();

        /** Writes and records the results that are there, within a few seconds. */
        void salvage(ExitCode code);

        /** Queues a note for people; it does not block. */
        void tell(String note);

        /** Prints a line for people. */
        void say(String line);
    }

    /** A run and its event loop's answers. */
    private static final class Watched {
        final Stoppable run;
        volatile boolean asking;
        volatile @Nullable Thread loop;
        /** The time without an answer; the watchdog's thread. */
        long silent;

        boolean reported;

        Watched(Stoppable run) {
            this.run = run;
        }

        void ask() {
            if (!asking) {
                asking = true;
                silent = 0;
                reported = false;
                run.loop().runOnContext(now -> {
                    loop = Thread.currentThread();
                    asking = false;
                });
            }
        }
    }

    private StopWatchdog(Stopper stopper, MemoryEnd memory) {
        this.stopper = stopper;
        this.garbage = new GarbageShare(memory);
    }

    static StopWatchdog start(Stopper stopper, MemoryEnd memory) {
        StopWatchdog dog = new StopWatchdog(stopper, memory);
        dog.thread.setDaemon(true);
        dog.thread.start();
        return dog;
    }

    /** Watches {@code run} until {@link #leave}. */
    void watch(Stoppable run) {
        Watched now = new Watched(run);
        now.ask();
        watched = now;
    }

    void leave() {
        watched = null;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void serve() {
        long before = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(this, TICK);
            long now = System.nanoTime();
            try {
                look(now, Math.min(now - before, LONGEST_TICK));
                garbage.look(now);
            } catch (RuntimeException | Error bug) {
                OutOfMemory.check(bug);
                throw bug;
            }
            before = now;
        }
    }

    private void look(long now, long passed) {
        Watched here = watched;
        OptionalLong due = stopper.due();
        if (due.isEmpty() && here != null) {
            due = here.run.deadline();
        }
        overdue = due.isPresent() && now - due.getAsLong() > 0 ? overdue + passed : 0;
        if (here != null) {
            idle = 0;
            here.silent += here.asking ? passed : 0;
            here.ask();
            if (here.silent > REPORTED.toNanos() && !here.reported && reports < REPORTS) {
                here.reported = true;
                reports++;
                here.run.tell(blocked(here) + ", and nothing else can run." + here.run.advice());
            }
            if (overdue > PATIENCE.toNanos() && here.silent > PATIENCE.toNanos()) {
                halt(here.run, () -> halted(here));
            }
        } else {
            idle += passed;
        }
        if (!stopper.isAsked()) {
            return;
        }
        if (here == null && Math.min(overdue, idle) > OUTSIDE.toNanos()) {
            halt(null, () -> "the process did not end by itself: it is in " + at(owner) + ". Halted.");
        } else if (here != null && overdue > CLEANUP.toNanos()) {
            halt(here.run, () -> "the run did not end within " + CLEANUP.toSeconds() + "s of its cancel. Halted.");
        }
    }

    private static String blocked(Watched here) {
        Thread loop = here.loop;
        return loop == null
                ? "the event loop has not begun to run"
                : here.run.blocked(loop, Duration.ofNanos(here.silent));
    }

    private String halted(Watched here) {
        ExitCode asked = stopper.code();
        return blocked(here) + ", so " + (asked == null ? "the deadline" : asked.signal()) + " has no effect. Halted."
                + here.run.advice() + here.run.next();
    }

    private static String at(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length == 0 ? thread.getName() : stack[0].toString();
    }

    /** Halts also when the disk or the reader of stderr does not let the last words out. */
    private void halt(@Nullable Stoppable run, Supplier<String> words) {
        ExitCode asked = stopper.code();
        ExitCode code = asked == null ? ExitCode.STOPPED_EARLY : asked;
        CountDownLatch over = new CountDownLatch(1);
        Thread last = new Thread(
                () -> {
                    if (run == null) {
                        System.err.println(words.get());
                    } else {
                        run.salvage(code);
                        run.say(words.get());
                    }
                    over.countDown();
                },
                "vertask-last-words");
        last.setDaemon(true);
        last.start();
        try {
            over.await(LAST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(code.code());
        }
    }
}
