package io.vertask.app.workload.http;

import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.job.HttpStep;
import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.Scope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.Workload;
import io.vertask.client.HttpCalls;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the request of an {@link HttpStep}. */
public final class HttpWorkload extends Workload {
    private final HttpStep step;
    private final Requests requests;
    private final int concurrency;
    private final Reached reached;
    private @Nullable HttpCalls calls;

    private HttpWorkload(HttpStep step, Requests requests, int concurrency, Reached reached) {
        super("http");
        this.step = step;
        this.requests = requests;
        this.concurrency = concurrency;
        this.reached = reached;
    }

    /** For the step of {@code job}, with as many connections as items may run at once. */
    public static HttpWorkload of(Job job, HttpStep step, Reached reached) {
        Optional<HttpClientConfig> client = step.client().map(name ->
                (HttpClientConfig) Objects.requireNonNull(job.clients().get(name)));
        return new HttpWorkload(step, new Requests(client), job.limits().concurrency(), reached);
    }

    @Override
    protected Future<?> openClients() {
        calls = HttpCalls.create(vertx, HttpCalls.Options.of(concurrency), reached);
        return Future.succeededFuture();
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

    private Future<Answer> attempt(Scope item, PhaseListener phases) {
        HttpCalls http = Objects.requireNonNull(calls);
        Requests.Prepared request = requests.prepare(http.web(), step, item);
        return http.<Buffer>send(request.request(), null, phases)
                .transform(end -> end.succeeded()
                        ? Responses.read(step, request.what(), end.result(), item)
                        : Future.failedFuture(Failures.of(end.cause(), request.what(), request.origin())));
    }
}
