package io.vertask.app.workload.sql;

import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.Scope;
import io.vertask.app.job.SqlStep;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.Workload;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;
import io.vertask.client.SqlCalls;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs the statement of a {@link SqlStep}. */
public final class SqlWorkload extends Workload {
    private final SqlStep step;
    private final PostgresConfig config;
    private final String applicationName;
    private final Map<String, String> env;
    private final Reached reached;
    private @Nullable SqlCalls calls;

    private SqlWorkload(
            SqlStep step, PostgresConfig config, String applicationName, Map<String, String> env, Reached reached) {
        super("sql");
        this.step = step;
        this.config = config;
        this.applicationName = applicationName;
        this.env = env;
        this.reached = reached;
    }

    /** For the step of {@code job}; {@code run} makes the name that the server's process list shows. */
    public static SqlWorkload of(Job job, SqlStep step, String run, Map<String, String> env, Reached reached) {
        PostgresConfig config =
                (PostgresConfig) Objects.requireNonNull(job.clients().get(step.client()));
        return new SqlWorkload(step, config, Databases.applicationName(job, run), env, reached);
    }

    @Override
    protected Future<?> openClients() {
        return Databases.open(vertx, config, applicationName, env, reached).onSuccess(opened -> calls = opened);
    }

    @Override
    protected Future<?> closeClients() {
        return calls == null ? Future.succeededFuture() : calls.close();
    }

    @Override
    public ItemCall call(Item item) {
        Scope scope = Scope.of(item.value());
        return phases -> attempt(scope, phases);
    }

    @Override
    public List<String> preview(Item item) {
        Scope scope = Scope.of(item.value());
        List<String> values = new ArrayList<>();
        step.params().forEach(param -> values.add(Json.encode(param.value(scope))));
        return values.isEmpty() ? List.of(step.sql()) : List.of(step.sql(), "with " + String.join(", ", values));
    }

    private Future<Answer> attempt(Scope item, PhaseListener phases) {
        Params params = new Params();
        step.params().forEach(param -> params.addValue(param.value(item)));
        return Objects.requireNonNull(calls).query(step.sql(), params, phases).transform(end -> {
            if (end.succeeded()) {
                return Future.succeededFuture(Rows.read(step, end.result(), item));
            }
            Throwable why = SqlFailures.of(end.cause(), config);
            return Future.failedFuture(params.refusal().orElse(why));
        });
    }

    @Override
    public CallFailure timedOut(Duration limit, Phase phase) {
        return phase == Phase.QUEUED
                ? SqlFailures.queued(
                        limit, config, Objects.requireNonNull(calls).use())
                : super.timedOut(limit, phase);
    }
}
