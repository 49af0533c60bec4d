package io.vertask.app.run;

import io.vertask.app.job.JobReader;
import io.vertask.app.workload.RecordedWorkload;
import io.vertask.app.workload.StepKind;
import io.vertask.app.workload.Workload;
import io.vertask.app.workload.WorkloadContext;
import io.vertask.app.workload.http.HttpWorkload;
import io.vertask.app.workload.http.PagesWorkload;
import io.vertask.app.workload.into.IntoPostgres;
import io.vertask.app.workload.offload.OffloadWorkload;
import io.vertask.app.workload.sleep.SleepWorkload;
import io.vertask.app.workload.sql.SqlWorkload;
import java.util.List;
import java.util.stream.Stream;

/** The registry of the kinds of steps, by which job files are read and jobs are run. */
public final class StepKinds {

    /** The kinds of Vertask. A new kind is one line here. */
    public static final StepKinds BUILT_IN = new StepKinds(
            List.of(HttpWorkload.KIND, PagesWorkload.KIND, SqlWorkload.KIND, OffloadWorkload.KIND, SleepWorkload.KIND));

    private final List<StepKind<?>> kinds;

    private StepKinds(List<StepKind<?>> kinds) {
        this.kinds = kinds;
    }

    /**
     * A registry with one more kind.
     *
     * <p><b>Failure.</b> {@link IllegalArgumentException} when another kind has the same key.
     */
    public StepKinds with(StepKind<?> kind) {
        heads(kind)
                .filter(head -> kinds.stream().flatMap(StepKinds::heads).anyMatch(head::equals))
                .findFirst()
                .ifPresent(head -> {
                    throw new IllegalArgumentException("kind: the key `" + head + "` already belongs to another kind");
                });
        return new StepKinds(Stream.concat(kinds.stream(), Stream.of(kind)).toList());
    }

    private static Stream<String> heads(StepKind<?> kind) {
        return kind.forms().stream().flatMap(form -> form.heads().stream());
    }

    /** The reader of job files with steps of these kinds. */
    public JobReader reader() {
        return JobReader.of(
                kinds.stream().flatMap(kind -> kind.forms().stream()).toList());
    }

    /**
     * Makes the workload that runs the context's job, and records its rows when the job has {@code into}.
     *
     * <p><b>Failure.</b> {@link IllegalArgumentException} when the job's step has none of these kinds.
     */
    public Workload workload(WorkloadContext context) {
        StepKind<?> kind = kinds.stream()
                .filter(one -> one.includes(context.job().step()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no kind of step for " + context.job().step().getClass().getName()));
        Workload calls = kind.workload(context);
        return context.job()
                .into()
                .<Workload>map(into -> RecordedWorkload.of(calls, IntoPostgres.of(into, context)))
                .orElse(calls);
    }
}
