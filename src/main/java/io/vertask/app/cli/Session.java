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
 * What one invocation of the command has around its runs: a Vertx with one event loop, the signals, stdout.
 *
 * <p>{@link #ahead} makes the Vertx while the command line and the job file are still being read, which is a fourth of
 * what a short run takes.
 */
final class Session implements AutoCloseable {
    /** How long what is in flight may go on after the first Ctrl-C. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final long CLOSE_SECONDS = 10;

    private final FutureTask<Vertx> starting =
            new FutureTask<>(() -> Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)));
    private final Stopper stopper = new Stopper(GRACE, System.err::println);
    // not System.out: that one swallows the error when nobody reads any more
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private @Nullable Vertx vertx;
    private boolean begun;

    /** What is done in a session. */
    interface Body {
        ExitCode run(Session session);
    }

    /** Begins to make the Vertx, on a thread of its own. */
    void ahead() {
        begun = true;
        new Thread(starting, "vertx-ahead").start();
    }

    /** Runs {@code body} with the Vertx and the signals. */
    ExitCode run(Body body) {
        Signals signals = Signals.handledBy(stopper);
        try {
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

    /** Whether somebody has asked for the end, so that nothing new is to be begun. */
    boolean isStopped() {
        return stopper.isAsked();
    }

    ExitCode run(Job job, Output output, StartMode mode) {
        return new ConsoleRun(vertx(), System.getenv(), System.in, out, System.err, output, mode).run(job, stopper);
    }

    ExitCode dryRun(Job job) {
        return DryRun.print(job, vertx(), System.getenv(), System.in, System.out::println, System.err::println);
    }

    private Vertx vertx() {
        return Objects.requireNonNull(vertx, "outside run");
    }

    /** Closes the Vertx, also one that was made ahead for nothing. */
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
                System.err.println("Vert.x did not close within " + CLOSE_SECONDS + "s; leaving all the same");
            }
        } catch (ExecutionException neverStarted) {
            // nothing to close
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
