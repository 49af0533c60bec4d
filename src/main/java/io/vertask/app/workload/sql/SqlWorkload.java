package io.vertask.app.workload.sql;

import io.vertask.app.job.Item;
import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.SqlStep;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.StepKind;
import io.vertask.app.workload.Workload;
import io.vertask.app.workload.WorkloadContext;
import io.vertask.client.Phase;
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
    /** Steps that are one SQL statement. */
    public static final StepKind<SqlStep> KIND = new StepKind<>(List.of(SqlStep.FORM), SqlStep.class, SqlWorkload::of);

    private final SqlStep step;
    private final PostgresConfig config;
    private final String applicationName;
    private final Map<String, String> env;
    /** Whether only `print` gives a line: without it, a statement that wants no rows prints nothing. */
    private final boolean isSilent;

    private final Reached reached;
    private final boolean lines;
    private @Nullable SqlCalls calls;

    private SqlWorkload(
            SqlStep step,
            PostgresConfig config,
            String applicationName,
            Map<String, String> env,
            boolean isSilent,
            Reached reached,
            boolean lines) {
        super("sql");
        this.step = step;
        this.config = config;
        this.applicationName = applicationName;
        this.env = env;
        this.isSilent = isSilent;
        this.reached = reached;
        this.lines = lines;
    }

    private static SqlWorkload of(SqlStep step, WorkloadContext run) {
        PostgresConfig config =
                (PostgresConfig) Objects.requireNonNull(run.job().clients().get(step.database()));
        boolean isSilent = step.rows() == SqlStep.Rows.NONE && run.job().print().isEmpty();
        return new SqlWorkload(
                step,
                config,
                Databases.applicationName(run.job(), run.run()),
                run.env(),
                isSilent,
                run.reached(),
                run.job().each().isText());
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
        TemplateScope scope = item.scope();
        SqlCalls open = Objects.requireNonNull(calls);
        return step.rows() == SqlStep.Rows.EACH
                ? new SqlEachCall(step, config, open, scope, lines)
                : new SqlItemCall(step, config, open, scope, lines, isSilent);
    }

    @Override
    public List<String> preview(Item item) {
        TemplateScope scope = item.scope();
        List<String> values = new ArrayList<>();
        step.params().forEach(param -> values.add(Json.encode(param.value(scope))));
        return values.isEmpty() ? List.of(step.sql()) : List.of(step.sql(), "with " + String.join(", ", values));
    }

    @Override
    public CallFailure timedOut(Duration limit, Phase phase) {
        if (phase == Phase.QUEUED) {
            return SqlFailures.queued(
                    limit, config, Objects.requireNonNull(calls).use());
        }
        CallFailure failure = super.timedOut(limit, phase);
        return phase == Phase.QUERY && SqlItemCall.isInDoubt(step)
                ? CallFailure.lasting("unknown", SqlItemCall.IN_DOUBT + failure.getMessage())
                : failure;
    }
}
