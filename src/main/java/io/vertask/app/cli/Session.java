package io.vertask.app.cli;

import io.vertask.app.job.Job;
import io.vertask.app.ledger.StartMode;
import io.vertask.app.output.Output;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The resources of one invocation of the command: a Vertx with one event loop, the signals, stdout.
 *
 * <p>{@link #ahead} makes the Vertx while the command line and the job file are read; that saves a quarter of a short
 * run's time.
 */
final class Session implements AutoCloseable {
    /** The time that calls in flight have to finish after the first Ctrl-C. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final long CLOSE_SECONDS = 10;
    private static final long NEVER_MILLIS = TimeUnit.DAYS.toMillis(365);

    private final FutureTask<Vertx> starting = new FutureTask<>(() -> Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            // the watchdog says it once, and names the step and the item
            .setBlockedThreadCheckInterval(NEVER_MILLIS)));
    private final Stopper stopper = new Stopper(GRACE, System.err::println);
    private final MemoryEnd memory;
    // not System.out, which hides the error when the reader has gone
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private @Nullable Vertx vertx;
    private @Nullable StopWatchdog watchdog;
    private boolean begun;

    Session(MemoryEnd memory) {
        this.memory = memory;
    }

    /** The work of a session. */
    interface Body {
        ExitCode run(Session session);
    }

    /** Begins to make the Vertx on a separate thread. */
    void ahead() {
        begun = true;
        Runnable start = () -> {
            memory.watchLogs();
            starting.run();
        };
        new Thread(start, "vertx-ahead").start();
    }

    /** Runs {@code body} with the Vertx and the signals. */
    ExitCode run(Body body) {
        Signals signals = Signals.handledBy(stopper);
        try (StopWatchdog dog = StopWatchdog.start(stopper, memory)) {
            watchdog = dog;
            vertx = started();
            return body.run(this);
        } catch (ExecutionException failed) {
            System.err.println("Vert.x did not start: " + failed.getCause());
            return ExitCode.VERTX_FAILED;
        } finally {
            close();
            signals.close();
        }
    }

    private Vertx started() throws ExecutionException {
        if (!begun) {
            ahead();
        }
        try {
            return starting.get();
        } catch (InterruptedException e) {
            throw new ExecutionException(e);
        }
    }

    /** Whether a stop was requested, so that nothing new may begin. */
    boolean isStopped() {
        return stopper.isAsked();
    }

    ExitCode run(Job job, Output output, StartMode mode) {
        return new ConsoleRun(vertx(), System.getenv(), System.in, out, System.err, output, mode)
                .run(job, stopper, Objects.requireNonNull(watchdog, "outside run"));
    }

    ExitCode dryRun(Job job) {
        return DryRun.print(job, vertx(), System.getenv(), System.in, System.out::println, System.err::println);
    }

    private Vertx vertx() {
        return Objects.requireNonNull(vertx, "outside run");
    }

    /** Closes the Vertx, also when it was made ahead and not used. */
    @Override
    public void close() {
        if (!begun) {
            return;
        }
        begun = false;
        CountDownLatch closed = new CountDownLatch(1);
        try {
            starting.get().close().onComplete(end -> closed.countDown());
            if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("Vert.x did not close within " + CLOSE_SECONDS + "s; exiting anyway");
            }
        } catch (ExecutionException neverStarted) {
            // nothing to close
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
