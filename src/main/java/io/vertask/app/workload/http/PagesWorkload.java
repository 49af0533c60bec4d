package io.vertask.app.workload.http;

import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.PagesStep;
import io.vertask.app.job.Scope;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.Workload;
import io.vertask.client.Reached;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Fetches the pages of a {@link PagesStep}; a page is an attempt of its item. */
public final class PagesWorkload extends Workload {
    private final PagesStep step;
    private final Requests requests;
    private final int concurrency;
    private final Reached reached;
    private @Nullable Sender sender;

    private PagesWorkload(PagesStep step, Requests requests, int concurrency, Reached reached) {
        super("pages");
        this.step = step;
        this.requests = requests;
        this.concurrency = concurrency;
        this.reached = reached;
    }

    /** For the step of {@code job}, with as many connections as items may run at once. */
    public static PagesWorkload of(Job job, PagesStep step, Reached reached) {
        Optional<HttpClientConfig> client = step.client().map(name ->
                (HttpClientConfig) Objects.requireNonNull(job.clients().get(name)));
        return new PagesWorkload(step, new Requests(client), job.limits().concurrency(), reached);
    }

    @Override
    protected Future<?> openClients() {
        return Sender.open(vertx, requests, OptionalLong.empty(), concurrency, reached)
                .onSuccess(opened -> sender = opened);
    }

    @Override
    protected Future<?> closeClients() {
        return sender == null ? Future.succeededFuture() : sender.close();
    }

    @Override
    public ItemCall call(Item item) {
        Scope scope = Scope.of(item.value());
        String first = step.target().render(scope);
        PageWalk walk = new PageWalk(step.next(), first, step.maxPages());
        return new PagesCall(Objects.requireNonNull(sender), step, requests, scope, requests.url(first), walk);
    }

    @Override
    public String site(Item item) {
        return requests.site(step.target(), Scope.of(item.value()));
    }

    @Override
    public List<String> preview(Item item) {
        String first = step.target().render(Scope.of(item.value()));
        return requests.of(HttpMethod.GET, first).lines();
    }
}
