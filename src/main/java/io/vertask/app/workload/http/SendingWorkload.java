package io.vertask.app.workload.http;

import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.template.Template;
import io.vertask.app.workload.Workload;
import io.vertask.client.Reached;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A workload that sends HTTP requests, over as many connections as items may run at once. */
abstract class SendingWorkload extends Workload {
    final ItemRequests requests;
    private final Template target;
    private final OptionalLong maxBody;
    private final int concurrency;
    private final Reached reached;
    private @Nullable Sender sender;

    /**
     * For a step of {@code job}.
     *
     * @param target where an item's first request goes
     * @param client the name of the client that it names
     * @param maxBody the step's own cap on a body, in bytes
     */
    SendingWorkload(
            String kind, Job job, Template target, Optional<String> client, OptionalLong maxBody, Reached reached) {
        super(kind);
        this.requests = new ItemRequests(client.map(
                name -> (HttpClientConfig) Objects.requireNonNull(job.clients().get(name))));
        this.target = target;
        this.maxBody = maxBody;
        this.concurrency = job.limits().concurrency();
        this.reached = reached;
    }

    @Override
    protected final Future<?> openClients() {
        return Sender.open(vertx, requests, maxBody, concurrency, reached).onSuccess(opened -> sender = opened);
    }

    @Override
    protected final Future<?> closeClients() {
        return sender == null ? Future.succeededFuture() : sender.close();
    }

    /** What sends them, once it is open. */
    final Sender sender() {
        return Objects.requireNonNull(sender, "the workload is not deployed");
    }

    @Override
    public final String site(Item item) {
        return requests.site(target, item.scope());
    }
}
