package io.vertask.app.run;

import io.vertask.app.job.Job;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.Workload;
import io.vertask.client.Reached;
import io.vertask.task.CancelledException;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.OutputStream;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs one job from the deployment of its workload to its summary.
 *
 * <p><b>Threads.</b> {@link #run} blocks its caller, a plain thread.
 */
public final class Runner {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Vertx vertx;
    private final Map<String, String> env;
    private final OutputStream out;
    private final PrintStream err;
    private final boolean quiet;

    /**
     * What runs need from around them.
     *
     * @param quiet no notes and no summary
     */
    public Runner(Vertx vertx, Map<String, String> env, OutputStream out, PrintStream err, boolean quiet) {
        this.vertx = vertx;
        this.env = env;
        this.out = out;
        this.err = err;
        this.quiet = quiet;
    }

    /** Runs {@code job} and returns how it ended; everything it opened is closed by then. */
    public ExitCode run(Job job, Stopper stopper) {
        String id = newId();
        Reached reached = new Reached();
        Workload workload = Workloads.of(job, id, false, env, reached);
        if (!quiet) {
            job.notes().forEach(err::println);
        }
        String deployment;
        try {
            deployment = Blocking.await(vertx.deployVerticle(workload));
        } catch (StartFailure failure) {
            err.println(failure.getMessage());
            return ExitCode.NOT_STARTED;
        } catch (RuntimeException other) {
            err.println("the " + job.name() + " workload did not deploy: " + other.getMessage());
            return ExitCode.NOT_DEPLOYED;
        }
        Window window = Window.of(job);
        Lines lines = new Lines(out, window::leave, stopper::outputGone);
        try {
            JobRun run = new JobRun(job, workload, window, lines::add);
            long began = System.nanoTime();
            Throwable error = await(workload, run, stopper);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            lines.close();
            RunEnd end = new RunEnd(
                    job,
                    id,
                    job.each().count(),
                    run.tally,
                    run.times,
                    run.pause,
                    took,
                    reached.snapshot(),
                    cut(run, stopper, error, lines));
            return report(end, run, lines);
        } finally {
            lines.close();
            Blocking.await(vertx.undeploy(deployment));
        }
    }

    private @Nullable Throwable await(Workload workload, JobRun run, Stopper stopper) {
        AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
        Future<Task<Void>> started = workload.launch(run.job.name(), run::main);
        try {
            Task<Void> task = Blocking.await(started);
            stopper.attach(run, task, workload.loop());
            Blocking.await(task.future().transform(end -> {
                error.set(end.cause());
                return Future.succeededFuture();
            }));
        } finally {
            stopper.detach();
        }
        return error.get();
    }

    private static Optional<RunEnd.Cut> cut(JobRun run, Stopper stopper, @Nullable Throwable error, Lines lines) {
        ExitCode asked = stopper.code();
        if (asked != null && (error != null || run.isDraining() || lines.isBroken())) {
            return Optional.of(new RunEnd.Cut(asked, "stopped by " + words(asked)));
        }
        if (run.stopped() != null) {
            return Optional.of(new RunEnd.Cut(ExitCode.STOPPED_EARLY, run.stopped() + ". Stopped"));
        }
        if (error instanceof TaskTimeoutException) {
            return Optional.of(new RunEnd.Cut(
                    ExitCode.STOPPED_EARLY,
                    "the deadline of "
                            + io.vertask.app.job.DurationText.format(
                                    run.job.limits().deadline().orElseThrow()) + " passed"));
        }
        if (error != null && !(error instanceof CancelledException)) {
            run.bug(error);
        }
        return Optional.empty();
    }

    private static String words(ExitCode code) {
        return switch (code) {
            case INTERRUPTED -> "Ctrl-C";
            case TERMINATED -> "SIGTERM";
            default -> "the reader of its output";
        };
    }

    private ExitCode report(RunEnd end, JobRun run, Lines lines) {
        Throwable bug = run.bug();
        if (bug != null) {
            err.println("this is a bug in Vertask, please report it:");
            bug.printStackTrace(err);
        }
        if (!quiet && !lines.isBroken()) {
            Summary.of(end).forEach(err::println);
        }
        return bug != null ? ExitCode.BUG : end.code();
    }

    private static String newId() {
        byte[] bytes = new byte[2];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
