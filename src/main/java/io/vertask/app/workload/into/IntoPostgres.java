package io.vertask.app.workload.into;

import io.vertask.app.job.Into;
import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.PostgresConfig;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.PagedCall;
import io.vertask.app.workload.RowSink;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.StreamedCall;
import io.vertask.app.workload.WorkloadContext;
import io.vertask.app.workload.sql.Databases;
import io.vertask.app.workload.sql.SqlFailures;
import io.vertask.client.Reached;
import io.vertask.client.SqlCalls;
import io.vertask.task.CancelReason;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records results in a Postgres table, over a pool of its own.
 *
 * <p><b>Failure.</b> What can be known before anything is sent fails {@link #open}: no table, no such column, no unique
 * index for the key.
 *
 * <p><b>Cancellation.</b> Stops the statement; what is not committed is rolled back, and its items are not recorded.
 *
 * <p><b>Threads.</b> The workload's event loop.
 */
public final class IntoPostgres implements RowSink {
    private static final Duration FORGET = Duration.ofSeconds(5);

    private final Job job;
    private final Into into;
    private final PostgresConfig config;
    private final String run;
    private final boolean resumed;
    private final Map<String, String> env;
    private final Reached reached;
    private final Checkpoints checkpoints;
    private @Nullable SqlCalls calls;
    private @Nullable TaskGroup group;
    private @Nullable Recorder recorder;
    private @Nullable Batches batches;
    private volatile boolean settled;

    private IntoPostgres(Into into, WorkloadContext context) {
        this.job = context.job();
        this.into = into;
        this.config = (PostgresConfig) Objects.requireNonNull(job.clients().get(into.client()));
        this.run = context.run();
        this.resumed = context.resumed();
        this.env = context.env();
        this.reached = context.reached();
        this.checkpoints = new Checkpoints(into, job.name(), run);
    }

    /** Records the rows of the context's job. */
    public static IntoPostgres of(Into into, WorkloadContext context) {
        return new IntoPostgres(into, context);
    }

    @Override
    public Future<?> open(Vertx vertx) {
        TaskGroup tasks = TaskGroup.open("into " + into.name());
        group = tasks;
        return Databases.open(vertx, config, Databases.applicationName(job, run), env, reached)
                .compose(opened -> {
                    calls = opened;
                    Recorder made =
                            new Recorder(opened, config, into, job.step().fields());
                    recorder = made;
                    batches = new Batches(tasks, made);
                    return tasks.start(
                                    "open",
                                    () -> made.open()
                                            .compose(checked -> isPaged()
                                                    ? opened.withConnection(
                                                            session -> checkpoints.open(session, resumed))
                                                    : Future.succeededFuture()))
                            .future();
                })
                .recover(error -> Future.failedFuture(
                        error instanceof StartFailure
                                ? error
                                : new StartFailure("clients." + config.name() + ": " + SqlFailures.starting(error))));
    }

    private boolean isPaged() {
        return job.step().isPaged();
    }

    @Override
    public void settled() {
        settled = true;
    }

    @Override
    public Future<?> close() {
        TaskGroup tasks = group;
        SqlCalls open = calls;
        if (tasks == null) {
            return Future.succeededFuture();
        }
        Future<?> last = Future.succeededFuture();
        if (open != null && isPaged() && settled) {
            try {
                last = tasks.start(
                                "forget",
                                () -> Tasks.timeout(
                                                FORGET,
                                                () -> open.withConnection(checkpoints::forgetDone)
                                                        .<Void>mapEmpty())
                                        // it is only tidiness: they go in thirty days
                                        .recover(any -> Future.succeededFuture()))
                        .future();
            } catch (IllegalStateException groupIsOver) {
                last = Future.succeededFuture();
            }
        }
        return last.transform(any -> {
                    tasks.cancel(CancelReason.SHUTDOWN);
                    return tasks.close();
                })
                .transform(ended -> open == null ? Future.succeededFuture() : open.close());
    }

    @Override
    public ItemCall recording(Item item, ItemCall call) {
        boolean printed = job.print().isPresent();
        if (call instanceof PagedCall paged) {
            return new RecordedPages(Objects.requireNonNull(recorder), checkpoints, item, paged, resumed, printed);
        }
        if (call instanceof StreamedCall streamed) {
            return new RecordedStream(Objects.requireNonNull(recorder), item, streamed, printed);
        }
        return new RecordedItem(Objects.requireNonNull(batches), call, printed);
    }
}
