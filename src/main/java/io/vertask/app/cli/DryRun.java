package io.vertask.app.cli;

import io.vertask.app.feed.Feed;
import io.vertask.app.feed.Offer;
import io.vertask.app.feed.Outside;
import io.vertask.app.job.Items;
import io.vertask.app.job.Job;
import io.vertask.app.job.Limits;
import io.vertask.app.job.Mask;
import io.vertask.app.job.Rate;
import io.vertask.app.job.template.TemplateException;
import io.vertask.app.job.yaml.DurationText;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.run.StepKinds;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.Workload;
import io.vertask.app.workload.WorkloadContext;
import io.vertask.client.Reached;
import io.vertask.stream.Streams;
import io.vertask.task.Tasks;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The preview of a run for {@code run --dry-run}. It opens the source of the items and nothing else. */
public final class DryRun {
    private static final int CALLS_SHOWN = 3;

    private final Job job;
    private final Mask mask;
    private final Workload workload;
    private final Feed feed;
    private final List<String> lines = new ArrayList<>();

    private DryRun(Job job, Map<String, String> env, InputStream stdin, Consumer<String> note) {
        this.job = job;
        this.mask = Mask.of(job, env);
        this.workload =
                StepKinds.BUILT_IN.workload(new WorkloadContext(job, "dry-run", false, env, new Reached(), line -> {}));
        this.feed = Feed.of(job, new Outside(stdin, Outside.none().database(), note));
    }

    /**
     * Prints the first calls, the number of items, the limits, and the least time that the limits allow.
     *
     * <p><b>Threads.</b> Blocks its caller, a plain thread.
     */
    public static ExitCode print(
            Job job,
            Vertx vertx,
            Map<String, String> env,
            InputStream stdin,
            Consumer<String> out,
            Consumer<String> err) {
        job.notes().forEach(err);
        DryRun run = new DryRun(job, env, stdin, err);
        try {
            run.calls(vertx);
        } catch (StartFailure unreadable) {
            err.accept(MessageText.lines(String.valueOf(unreadable.getMessage())));
            return ExitCode.NOT_STARTED;
        }
        run.rest();
        run.lines.forEach(line -> out.accept(MessageText.lines(run.mask.message(line))));
        return ExitCode.OK;
    }

    private void calls(Vertx vertx) {
        if (job.each().items() instanceof Items.Query query) {
            lines.add("items: the rows of `" + query.client() + "`, which is not queried");
            return;
        }
        List<Offer> first = Objects.requireNonNull(Tasks.run(
                vertx,
                () -> feed.open().compose(items -> Streams.toList(Streams.take(CALLS_SHOWN, items), CALLS_SHOWN))));
        for (Offer offer : first) {
            lines.add(MessageText.oneLine(offer.item().key()));
            preview(offer).forEach(line -> lines.add("  " + line));
        }
        OptionalLong count = feed.count();
        lines.add("items: " + (count.isPresent() ? Long.toString(count.getAsLong()) : "counted when they are read"));
    }

    private List<String> preview(Offer offer) {
        try {
            return offer.flaw().map(flaw -> List.of("ERROR - " + flaw)).orElseGet(() -> workload.preview(offer.item()));
        } catch (TemplateException | CallFailure wrong) {
            return List.of("ERROR - " + wrong.getMessage());
        }
    }

    private void rest() {
        Limits limits = job.limits();
        StringBuilder all = new StringBuilder("limits: concurrency ").append(limits.concurrency());
        limits.rate().ifPresent(rate -> all.append(", rate ").append(rate));
        limits.timeout().ifPresent(time -> all.append(", timeout ").append(DurationText.format(time)));
        limits.deadline().ifPresent(time -> all.append(", deadline ").append(DurationText.format(time)));
        all.append(", retries ").append(limits.retries());
        lines.add(all.toString());
        leastTime().ifPresent(time -> lines.add("least time: " + DurationText.format(time)));
        lines.add("nothing was sent");
    }

    /** The least time at the job's rate or at the producer's pace; the first item begins at once. */
    private Optional<Duration> leastTime() {
        OptionalLong count = feed.count();
        if (count.isEmpty() || count.getAsLong() < 2) {
            return Optional.empty();
        }
        long more = count.getAsLong() - 1;
        Optional<Duration> pace = job.limits().rate().map(rate -> atRate(rate, more));
        Optional<Duration> every = job.each().every().map(one -> one.multipliedBy(more));
        return pace.isPresent() && every.isPresent()
                ? (pace.get().compareTo(every.get()) > 0 ? pace : every)
                : pace.or(() -> every);
    }

    private static Duration atRate(Rate rate, long calls) {
        double millis = (double) rate.period().toMillis() / rate.calls() * calls;
        return Duration.ofMillis(Math.round(Math.min(millis, 1e15)));
    }
}
