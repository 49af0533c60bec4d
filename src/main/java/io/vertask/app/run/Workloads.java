package io.vertask.app.run;

import io.vertask.app.job.HttpStep;
import io.vertask.app.job.Job;
import io.vertask.app.job.PagesStep;
import io.vertask.app.job.SqlStep;
import io.vertask.app.workload.RecordedWorkload;
import io.vertask.app.workload.Workload;
import io.vertask.app.workload.http.HttpWorkload;
import io.vertask.app.workload.http.PagesWorkload;
import io.vertask.app.workload.into.IntoPostgres;
import io.vertask.app.workload.sql.SqlWorkload;
import io.vertask.client.Reached;
import java.util.Map;

/** Which workload makes a job's calls. A new kind is one line here. */
final class Workloads {
    private Workloads() {}

    /** {@code resumed}: the run goes on from where an earlier process left it. */
    static Workload of(Job job, String run, boolean resumed, Map<String, String> env, Reached reached) {
        Workload calls = of(job, run, env, reached);
        return job.into().isPresent()
                ? RecordedWorkload.of(calls, IntoPostgres.of(job, job.into().get(), run, resumed, env, reached))
                : calls;
    }

    private static Workload of(Job job, String run, Map<String, String> env, Reached reached) {
        if (job.step() instanceof HttpStep http) {
            return HttpWorkload.of(job, http, reached);
        }
        if (job.step() instanceof PagesStep pages) {
            return PagesWorkload.of(job, pages, reached);
        }
        if (job.step() instanceof SqlStep sql) {
            return SqlWorkload.of(job, sql, run, env, reached);
        }
        throw new IllegalArgumentException("no workload for " + job.step());
    }
}
