package io.vertask.app.run;

import io.vertask.app.feed.Feed;
import io.vertask.app.feed.Outside;
import io.vertask.app.job.Into;
import io.vertask.app.job.Job;
import io.vertask.app.job.Mask;
import io.vertask.app.job.PagesStep;
import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.Version;
import io.vertask.app.ledger.FileTrouble;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.ledger.LedgerException;
import io.vertask.app.ledger.Past;
import io.vertask.app.ledger.Runs;
import io.vertask.app.output.Console;
import io.vertask.app.output.Output;
import io.vertask.app.output.Progress;
import io.vertask.app.output.Results;
import io.vertask.app.output.Terminal;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.Workload;
import io.vertask.app.workload.sql.Databases;
import io.vertask.client.Reached;
import io.vertask.task.CancelledException;
import io.vertask.task.Task;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one job from the deployment of its workload to its summary.
 *
 * <p><b>Threads.</b> {@link #run} blocks its caller, a plain thread.
 */
public final class Runner {
    private static final Path HOME = Path.of(".vertask");

    /** How long results wait for their reader before it is said; when the end is asked for, at all. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Map<String, String> env;
    private final OutputStream out;
    private final PrintStream err;
    private final Output output;
    private final Past past;

    /**
     * What runs need from around them.
     *
     * @param output what is shown, where, and in which form
     * @param past what to do with earlier runs
     */
    public Runner(Vertx vertx, Map<String, String> env, OutputStream out, PrintStream err, Output output, Past past) {
        this.vertx = vertx;
        this.env = env;
        this.out = out;
        this.err = err;
        this.output = output;
        this.past = past;
    }

    /** Runs {@code job} and returns how it ended; everything it opened is closed by then. */
    public ExitCode run(Job job, Stopper stopper) {
        Mask mask = Mask.of(job, env);
        try (Console console = new Console(err, mask, output, Terminal.of(env))) {
            Optional<Ledger> ledger = ledger(job, console);
            try {
                return new Attempt(job, stopper, mask, console, ledger).run();
            } finally {
                ledger.ifPresent(Ledger::abandon);
            }
        } catch (CannotStart reason) {
            return reason.code;
        }
    }

    /** It has been said why. */
    private static final class CannotStart extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final ExitCode code;

        CannotStart(ExitCode code) {
            super("said already", null, false, false);
            this.code = code;
        }
    }

    private Optional<Ledger> ledger(Job job, Console console) {
        if (past.kind() == Past.Kind.UNRECORDED) {
            return Optional.empty();
        }
        Runs runs = new Runs(HOME, Clock.systemUTC(), output.quiet() ? line -> {} : console::say);
        try {
            return Optional.of(runs.begin(new Runs.Of(job.name(), job.file(), job.fingerprint(), Version.TEXT), past));
        } catch (LedgerException reason) {
            console.say(String.valueOf(reason.getMessage()));
            throw new CannotStart(reason.isUsage() ? ExitCode.USAGE : ExitCode.NOT_STARTED);
        }
    }

    /** One run, with what it has opened so far. */
    private final class Attempt {
        private final Job job;
        private final Stopper stopper;
        private final Mask mask;
        private final Console console;
        private final Optional<Ledger> ledger;
        private final String id;
        private final Reached reached = new Reached();
        private final Workload workload;
        private final Feed feed;

        Attempt(Job job, Stopper stopper, Mask mask, Console console, Optional<Ledger> ledger) {
            this.job = job;
            this.stopper = stopper;
            this.mask = mask;
            this.console = console;
            this.ledger = ledger;
            this.id = ledger.map(Ledger::name).orElseGet(Runs::name);
            this.workload =
                    Workloads.of(job, id, ledger.map(Ledger::isResumed).orElse(false), env, reached, console::say);
            this.feed = Feed.of(job, outside());
        }

        private Outside outside() {
            Outside.Database database = client -> Databases.open(
                    vertx, (PostgresConfig) Objects.requireNonNull(job.clients().get(client)), job, id, env, reached);
            return new Outside(System.in, database, output.quiet() ? line -> {} : console::say);
        }

        ExitCode run() {
            if (!output.quiet()) {
                job.notes().forEach(console::say);
                Databases.notes(job, env).forEach(console::say);
                job.resumeNote()
                        .filter(note -> ledger.map(Ledger::isResumed).orElse(false))
                        .ifPresent(console::say);
            }
            String deployment = deploy();
            try (Results results = results()) {
                return run(results);
            } catch (IOException e) {
                throw new IllegalStateException("the output can't be closed", e);
            } finally {
                Blocking.await(vertx.undeploy(deployment));
            }
        }

        private String deploy() {
            try {
                return Blocking.await(vertx.deployVerticle(workload));
            } catch (StartFailure failure) {
                console.say(String.valueOf(failure.getMessage()));
                throw new CannotStart(ExitCode.NOT_STARTED);
            } catch (RuntimeException other) {
                console.say("the " + job.name() + " workload did not deploy: " + other.getMessage());
                throw new CannotStart(ExitCode.NOT_DEPLOYED);
            }
        }

        private Results results() {
            boolean goesOn = ledger.map(run -> run.earlier().done() > 0).orElse(false);
            // a page that is only recorded is counted, and these counts are what its item shows
            List<String> names = isPaged() && !onlyRows() ? List.of() : Into.picked(job.step());
            try {
                return Results.open(output, out, names, goesOn, mask, console);
            } catch (IOException e) {
                console.say(output.file().map(Path::toString).orElse("stdout") + " can't be written: "
                        + FileTrouble.reason(e));
                throw new CannotStart(ExitCode.NOT_STARTED);
            }
        }

        private boolean isPaged() {
            return job.step() instanceof PagesStep;
        }

        /** Rows are printed as they come, and are all of an item's results. */
        private boolean onlyRows() {
            return isPaged() && (job.into().isEmpty() || job.print().isPresent());
        }

        private ExitCode run(Results results) {
            Window window = Window.of(job);
            AtomicReference<@Nullable JobRun> running = new AtomicReference<>();
            Lines lines = new Lines(
                    new Recording(results, ledger, mask, onlyRows()), window::leave, why -> broken(why, running));
            try {
                Skips skips = ledger.map(run -> Skips.of(run.earlier(), mask)).orElseGet(Skips::none);
                RunOptions options =
                        new RunOptions(skips, output.unordered(), output.verbose() ? console::tell : line -> {});
                JobRun run = new JobRun(job, workload, feed, window, options, lines::add);
                running.set(run);
                Stalls stalls = Stalls.watch(vertx, run, output.quiet() ? line -> {} : console::say);
                long began = System.nanoTime();
                console.follow(progress(run, began));
                Throwable error = await(run);
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                stalls.close();
                boolean written = lines.close(
                        PATIENCE,
                        stopper::isAsked,
                        () -> console.tell("the run is over; its results wait for who reads them"));
                console.follow(() -> null);
                StartFailure notStarted = run.notStarted();
                if (notStarted != null) {
                    console.say(String.valueOf(notStarted.getMessage()));
                    throw new CannotStart(ExitCode.NOT_STARTED);
                }
                Optional<RunEnd.Cut> cut = Endings.cut(run, stopper, error, lines, written);
                ExitCode code = end(run, took, stalls.count(), cut, lines.isReaderGone());
                if (written && lines.broken() == null && code == ExitCode.OK && run.tally.isAllOk()) {
                    workload.settled();
                }
                return code;
            } finally {
                lines.close(PATIENCE, () -> true, () -> {});
            }
        }

        /** On the thread that writes. */
        private void broken(Recording.Broken why, AtomicReference<@Nullable JobRun> running) {
            JobRun run = running.get();
            if (why.words().isEmpty() || run == null) {
                stopper.outputGone();
            } else {
                workload.loop().runOnContext(here -> run.stop(why.words().get()));
            }
        }

        private @Nullable Throwable await(JobRun run) {
            AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
            // the end of a run that failed is told here; as the workload's child it has just ended
            Future<Task<Void>> started = workload.launch(
                    run.job.name(),
                    () -> run.main().recover(end -> {
                        error.set(end);
                        return end instanceof CancelledException ? Future.failedFuture(end) : Future.succeededFuture();
                    }));
            try {
                Task<Void> task = Blocking.await(started);
                stopper.attach(run, task, workload.loop(), console::tell);
                Blocking.await(task.future().transform(end -> {
                    error.compareAndSet(null, end.cause());
                    return Future.succeededFuture();
                }));
            } finally {
                stopper.detach();
            }
            return error.get();
        }

        /** Asks the loop, and gives what it answered the last time: nobody waits for a loop that is busy. */
        private Supplier<@Nullable Progress> progress(JobRun run, long began) {
            AtomicReference<@Nullable Progress> last = new AtomicReference<>();
            return () -> {
                workload.loop().runOnContext(here -> {
                    OptionalLong all = feed.count();
                    Tally tally = run.tally;
                    last.set(new Progress(
                            job.name(),
                            all.isPresent() ? OptionalLong.of(all.getAsLong() - tally.skipped()) : all,
                            tally.ok(),
                            tally.failed(),
                            tally.inFlight(),
                            Duration.ofNanos(System.nanoTime() - began)));
                });
                return last.get();
            };
        }

        private ExitCode end(JobRun run, Duration took, long stalls, Optional<RunEnd.Cut> cut, boolean readerGone) {
            boolean checkpoints = isPaged() && job.into().isPresent() && run.tally.begun() > 0;
            boolean keeps = ledger.isPresent()
                    && (cut.isEmpty() || checkpoints || !ledger.get().isEmpty());
            RunEnd end = new RunEnd(
                    job,
                    id,
                    feed.count(),
                    ledger.isPresent(),
                    run.tally,
                    run.times,
                    run.pause,
                    took,
                    reached.snapshot(),
                    workload.threads(),
                    stalls,
                    keeps ? ledger.map(Ledger::file) : Optional.empty(),
                    cut);
            Throwable bug = run.bug();
            ExitCode code = bug != null ? ExitCode.BUG : end.code();
            if (bug != null) {
                StringWriter trace = new StringWriter();
                bug.printStackTrace(new PrintWriter(trace));
                console.say("this is a bug in Vertask, please report it:\n" + trace);
            }
            if (!output.quiet() && !readerGone) {
                Summary.of(end).forEach(line -> console.say(console.paint().summary(line)));
            }
            boolean said = output.quiet() && code != ExitCode.STOPPED_EARLY;
            if (!said && !readerGone) {
                Summary.cut(end).ifPresent(line -> console.say(console.paint().failure(line)));
            }
            return keeps ? recorded(code) : code;
        }

        private ExitCode recorded(ExitCode code) {
            Ledger open = ledger.orElseThrow();
            try {
                open.end(code.code());
                return code;
            } catch (IOException e) {
                console.say(open.file() + " can't be written: " + FileTrouble.reason(e) + "; --resume goes on from it");
                return code == ExitCode.OK || code == ExitCode.FAILURES ? ExitCode.STOPPED_EARLY : code;
            }
        }
    }
}
