package io.vertask.app.run;

import io.vertask.app.job.CallStep;
import io.vertask.app.job.HttpStep;
import io.vertask.app.job.Job;
import io.vertask.app.job.PagesStep;
import io.vertask.app.job.SleepStep;
import io.vertask.app.job.SqlStep;
import io.vertask.app.workload.RecordedWorkload;
import io.vertask.app.workload.Workload;
import io.vertask.app.workload.http.HttpWorkload;
import io.vertask.app.workload.http.PagesWorkload;
import io.vertask.app.workload.into.IntoPostgres;
import io.vertask.app.workload.offload.OffloadWorkload;
import io.vertask.app.workload.queue.QueueWorkload;
import io.vertask.app.workload.sql.SqlWorkload;
import io.vertask.client.Reached;
import java.util.Map;
import java.util.function.Consumer;

/** Which workload makes a job's calls. A new kind is one line here. */
final class Workloads {
    private Workloads() {}

    /** {@code resumed}: the run goes on from where an earlier process left it. */
    static Workload of(
            Job job, String run, boolean resumed, Map<String, String> env, Reached reached, Consumer<String> say) {
        Workload calls = calls(job, run, env, reached, say);
        return job.into().isPresent()
                ? RecordedWorkload.of(calls, IntoPostgres.of(job, job.into().get(), run, resumed, env, reached))
                : calls;
    }

    private static Workload calls(Job job, String run, Map<String, String> env, Reached reached, Consumer<String> say) {
        if (job.step() instanceof HttpStep http) {
            return HttpWorkload.of(job, http, reached);
        }
        if (job.step() instanceof PagesStep pages) {
            return PagesWorkload.of(job, pages, reached);
        }
        if (job.step() instanceof SqlStep sql) {
            return SqlWorkload.of(job, sql, run, env, reached);
        }
        if (job.step() instanceof CallStep call) {
            return OffloadWorkload.of(job, call, say);
        }
        if (job.step() instanceof SleepStep sleep) {
            return QueueWorkload.of(sleep);
        }
        throw new IllegalArgumentException("no workload for " + job.step());
    }
}
