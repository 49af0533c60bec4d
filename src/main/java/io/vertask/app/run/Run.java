package io.vertask.app.run;

import io.vertask.app.feed.Feed;
import io.vertask.app.feed.Outside;
import io.vertask.app.job.Job;
import io.vertask.app.job.Mask;
import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.yaml.DurationText;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.Journal;
import io.vertask.app.journal.RunEvent;
import io.vertask.app.journal.Totals;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.Workload;
import io.vertask.app.workload.WorkloadContext;
import io.vertask.app.workload.sql.Databases;
import io.vertask.client.Reached;
import io.vertask.task.CancelReason;
import io.vertask.task.CancelledException;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.trace.SlowStep;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job, from the deployment of its workload until everything that it opened is closed.
 *
 * <p>Any number of runs may share a Vertx; each has its own journal, totals and stalls.
 *
 * <p><b>Failure.</b> {@link #end} never fails; its value says how the run ended.
 *
 * <p><b>Threads.</b> Any thread may call; no method blocks.
 */
public final class Run {
    private final Vertx vertx;
    private final Job job;
    private final Ports ports;
    private final Reached reached = new Reached();
    private final Workload workload;
    private final Feed feed;
    private final Journal journal;
    private final Promise<RunEnd> end = Promise.promise();
    private final Window window;
    private volatile @Nullable Context loop;

    // guarded by this
    private boolean drainAsked;
    private boolean cancelAsked;
    private @Nullable Task<?> main;

    private volatile @Nullable ItemsTask items;

    // confined to the run's event loop
    private @Nullable Throwable error;
    private Sink.@Nullable Broken broken;
    private Duration took = Duration.ZERO;
    private List<String> remarks = List.of();

    private Run(Vertx vertx, StepKinds kinds, Job job, Ports ports) {
        this.vertx = vertx;
        this.job = job;
        this.ports = ports;
        this.workload = kinds.workload(
                new WorkloadContext(job, ports.id(), ports.resumed(), ports.env(), reached, ports.note()));
        Outside.Database database = client -> Databases.open(
                vertx,
                (PostgresConfig) Objects.requireNonNull(job.clients().get(client)),
                job,
                ports.id(),
                ports.env(),
                reached);
        this.feed = Feed.of(job, new Outside(ports.stdin(), database, ports.note()));
        this.window = Window.of(job);
        this.journal = new Journal(ports.note());
        ports.listeners().forEach(journal::listen);
        ports.slowListeners().forEach(journal::listenAside);
    }

    /** Starts {@code job}, whose step has a built-in kind. */
    public static Run start(Vertx vertx, Job job, Ports ports) {
        return start(vertx, StepKinds.BUILT_IN, job, ports);
    }

    /** Starts {@code job}, whose step has one of {@code kinds}. */
    public static Run start(Vertx vertx, StepKinds kinds, Job job, Ports ports) {
        Run run = new Run(vertx, kinds, job, ports);
        run.deploy();
        return run;
    }

    /** The run's short name. */
    public String id() {
        return ports.id();
    }

    /** Completes with the totals of the run at this moment, or at its end. */
    public Future<Totals> totals() {
        Context here = loop;
        if (here == null || end.future().isComplete()) {
            return end.future().isComplete()
                    ? end.future().map(RunEnd::totals)
                    : Future.succeededFuture(new Journal(line -> {}).totals());
        }
        return onLoop(here, journal::totals);
    }

    /** Completes when everything has ended and is closed, with the way the run ended. */
    public Future<RunEnd> end() {
        return end.future();
    }

    /** Drains the run: no more items begin, the waits between attempts end, and running attempts go on to their end. */
    public void drain() {
        ItemsTask its;
        synchronized (this) {
            drainAsked = true;
            its = main == null ? null : items;
        }
        if (its != null) {
            its.later(() -> its.drain("asked to stop"));
        }
    }

    /** Cancels the run, whose end waits for the cleanup. Returns false when nothing runs that could be cancelled. */
    public boolean cancel() {
        Task<?> running;
        synchronized (this) {
            cancelAsked = true;
            running = main;
        }
        if (running == null || !running.cancel(CancelReason.SHUTDOWN)) {
            return false;
        }
        ItemsTask its = items;
        if (its != null) {
            its.later(() -> its.cancelling("asked to cancel"));
        }
        return true;
    }

    /**
     * The code that occupies the run's event loop now, and has done so for {@code since}.
     *
     * @param thread the event loop's thread
     */
    public RunEvent.Stalled occupied(Thread thread, Duration since) {
        Mask mask = Mask.of(job, ports.env());
        long now = System.nanoTime();
        return RunStalls.stalled(
                job,
                workload,
                mask::message,
                new SlowStep(
                        thread.getName(),
                        null,
                        List.of(),
                        since,
                        now - since.toNanos(),
                        0,
                        List.of(thread.getStackTrace())));
    }

    /**
     * Hands the results that wait for those of earlier items to the sink, for a caller that ends the process because
     * the event loop is blocked for ever.
     */
    public void handOut() {
        ItemsTask its = items;
        if (its != null) {
            its.handOut();
        }
    }

    private synchronized boolean isAsked() {
        return drainAsked || cancelAsked;
    }

    // ---- the start

    private void deploy() {
        vertx.deployVerticle(workload).onComplete((deployment, failed) -> {
            if (failed instanceof StartFailure) {
                notStarted(RunEnd.Cause.NOT_STARTED, failed.getMessage());
            } else if (failed != null) {
                OutOfMemory.check(failed);
                notStarted(
                        RunEnd.Cause.NOT_DEPLOYED,
                        "the " + job.name() + " workload did not deploy: " + failed.getMessage());
            } else {
                loop = workload.loop();
                run().eventually(() -> vertx.undeploy(deployment)).onComplete(this::finish);
            }
        });
    }

    private void notStarted(RunEnd.Cause cause, @Nullable String words) {
        finish(new Ending(cause, Optional.ofNullable(words), Optional.empty(), Ending.NOTHING), null);
    }

    /** The reason for the end of the run, known before its clients are closed. */
    private record Ending(RunEnd.Cause cause, Optional<String> words, Optional<RunEnd.Fix> fix, Sink.Closed output) {
        static final Sink.Closed NOTHING = new Sink.Closed(false, 0);
    }

    private Future<Ending> run() {
        return ports.sink()
                .open(new ToRun())
                .transform(opened -> opened.succeeded()
                        ? items()
                        : opened.cause() instanceof StartFailure why
                                ? Future.succeededFuture(new Ending(
                                        RunEnd.Cause.NOT_STARTED,
                                        Optional.ofNullable(why.getMessage()),
                                        Optional.empty(),
                                        Ending.NOTHING))
                                : Future.failedFuture(opened.cause()));
    }

    // ---- the items

    private Future<Ending> items() {
        Context here = workload.loop();
        return workload.launch(job.name(), this::main)
                .compose(task -> {
                    boolean cancelled;
                    synchronized (this) {
                        main = task;
                        cancelled = cancelAsked;
                    }
                    if (cancelled) {
                        cancel();
                    } else if (isAsked()) {
                        drain();
                    }
                    return task.future()
                            .transform(over -> onLoop(here, () -> {
                                // a run that is cancelled before its body begins has no items
                                error = error == null ? over.cause() : error;
                                return true;
                            }));
                })
                .compose(over -> ports.sink().close())
                .compose(written -> onLoop(here, () -> ending(written)));
    }

    /** Runs the items; the body of the run's main task. */
    private Future<Void> main() {
        ItemsTask its =
                new ItemsTask(job, workload, feed, journal, new LocalAdmission(job.limits(), journal), window, ports);
        items = its;
        if (isAsked()) {
            its.drain("asked to stop");
        }
        RunStalls stalls = RunStalls.watch(vertx, its);
        long began = Tasks.nanoTime();
        return its.main().transform(over -> {
            took = Duration.ofNanos(Tasks.nanoTime() - began);
            stalls.close();
            error = over.cause();
            // the run's end reports the failure; for the workload the task has just ended
            return error instanceof CancelledException ? Future.failedFuture(error) : Future.succeededFuture();
        });
    }

    private final class ToRun implements Sink.Back {
        @Override
        public void written() {
            window.leave();
        }

        @Override
        public void changed(ItemEnd was, ItemEnd now) {
            onItems(its -> its.changed(was, now));
        }

        private void onItems(Consumer<ItemsTask> action) {
            ItemsTask its = Objects.requireNonNull(items);
            its.later(() -> action.accept(its));
        }

        @Override
        public void broken(Sink.Broken why) {
            workload.loop().runOnContext(now -> outputBroke(why));
        }
    }

    private void outputBroke(Sink.Broken why) {
        if (broken == null) {
            broken = why;
            ItemsTask its = items;
            if (its == null) {
                return;
            }
            Optional<String> words = why.words();
            if (!job.step().isRepeatable()) {
                // their calls may have taken effect: the answers of those in flight are kept
                its.later(() -> words.ifPresentOrElse(its::giveUp, () -> its.drain("nobody reads its results")));
            } else {
                its.later(() -> words.ifPresentOrElse(its::stop, () -> its.stopQuietly("nobody reads its results")));
            }
        }
    }

    // ---- the end

    private Ending ending(Sink.Closed closed) {
        boolean written = closed.isWhole();
        ItemsTask its = items;
        Sink.Broken output = broken;
        boolean readerGone = output != null && output.words().isEmpty();
        if (output != null && output.bug() != null && its != null) {
            its.bug(output.bug());
        }
        if (its != null && its.notStarted() != null) {
            return ending(RunEnd.Cause.NOT_STARTED, its.notStarted().getMessage(), null, closed);
        }
        if (isAsked() && (error != null || (its != null && its.isDraining()) || readerGone || !written)) {
            return ending(RunEnd.Cause.ASKED, null, null, closed);
        }
        if (readerGone) {
            return ending(RunEnd.Cause.READER_GONE, null, null, closed);
        }
        if (output != null) {
            return ending(
                    RunEnd.Cause.STOPPED,
                    output.words().orElseThrow() + ". Stopped",
                    output.bug() == null ? new RunEnd.Fix("Fix that", hasKept()) : null,
                    closed);
        }
        if (its != null && its.stopped() != null) {
            return ending(
                    RunEnd.Cause.STOPPED, its.stopped() + ". Stopped", its.fix().orElse(null), closed);
        }
        if (error instanceof TaskTimeoutException) {
            String deadline = DurationText.format(job.limits().deadline().orElseThrow());
            return ending(RunEnd.Cause.STOPPED, "the deadline of " + deadline + " passed", null, closed);
        }
        if (error != null && !(error instanceof CancelledException) && its != null) {
            its.bug(error);
        }
        Ending finished = ending(RunEnd.Cause.FINISHED, null, null, closed);
        Totals totals = journal.totals();
        if (written && totals.isAllOk() && (its == null || its.bug() == null)) {
            workload.settled();
        }
        return finished;
    }

    /** Whether results that could not be written were recorded as failed, because their calls can't be repeated. */
    private boolean hasKept() {
        return !job.step().isRepeatable() && journal.failed() > 0;
    }

    private static Ending ending(
            RunEnd.Cause cause, @Nullable String words, RunEnd.@Nullable Fix fix, Sink.Closed output) {
        return new Ending(cause, Optional.ofNullable(words), Optional.ofNullable(fix), output);
    }

    /** Publishes the end of the run when everything is closed. */
    private void finish(@Nullable Ending ending, @Nullable Throwable unexpected) {
        Context here = loop;
        Future<Void> told = here == null
                ? Future.succeededFuture()
                : onLoop(here, () -> {
                            Reached.Counts inAttempts = journal.totals().reached();
                            journal.publish(new RunEvent.RunEnded(
                                    System.nanoTime(), reached.snapshot().minus(inAttempts)));
                            remarks = workload.remarks();
                            return true;
                        })
                        .mapEmpty();
        told.compose(done -> journal.close()).onComplete(closed -> {
            ItemsTask its = items;
            Throwable bug = unexpected != null ? unexpected : its == null ? null : its.bug();
            Ending known = ending != null ? ending : ending(RunEnd.Cause.STOPPED, null, null, Ending.NOTHING);
            Totals totals = journal.totals();
            end.complete(new RunEnd(
                    job,
                    ports.id(),
                    totals,
                    took,
                    known.cause(),
                    known.words(),
                    known.fix(),
                    Optional.ofNullable(bug),
                    known.output().isWhole(),
                    totals.done() - known.output().items(),
                    remarks));
        });
    }

    private static <T> Future<T> onLoop(Context loop, Supplier<T> action) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(now -> {
            try {
                done.complete(action.get());
            } catch (RuntimeException | Error bug) {
                OutOfMemory.check(bug);
                done.fail(bug);
            }
        });
        return done.future();
    }
}
