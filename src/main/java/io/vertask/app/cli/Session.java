package io.vertask.app.cli;

import io.vertask.app.job.Job;
import io.vertask.app.ledger.Past;
import io.vertask.app.output.Output;
import io.vertask.app.run.DryRun;
import io.vertask.app.run.ExitCode;
import io.vertask.app.run.Runner;
import io.vertask.app.run.Stopper;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What one invocation of the command has around its runs: a Vertx with one event loop, the signals, stdout. */
final class Session {
    /** How long what is in flight may go on after the first Ctrl-C. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final long CLOSE_SECONDS = 10;

    private final Vertx vertx;
    private final Stopper stopper = new Stopper(GRACE, System.err::println);
    // not System.out: that one swallows the error when nobody reads any more
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);

    private Session(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What is done in a session. */
    interface Body {
        ExitCode run(Session session);
    }

    static ExitCode run(Body body) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Session session = new Session(vertx);
        Signals signals = Signals.handledBy(session.stopper);
        try {
            return body.run(session);
        } finally {
            close(vertx);
            signals.close();
        }
    }

    /** Whether somebody has asked for the end, so that nothing new is to be begun. */
    boolean isStopped() {
        return stopper.isAsked();
    }

    ExitCode run(Job job, Output output, Past past) {
        return new Runner(vertx, System.getenv(), out, System.err, output, past).run(job, stopper);
    }

    ExitCode dryRun(Job job) {
        return DryRun.print(job, vertx, System.getenv(), System.in, System.out::println, System.err::println);
    }

    private static void close(Vertx vertx) {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(end -> closed.countDown());
        try {
            if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("Vert.x did not close within " + CLOSE_SECONDS + "s; leaving all the same");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
