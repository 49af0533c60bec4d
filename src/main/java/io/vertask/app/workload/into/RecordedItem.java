package io.vertask.app.workload.into;

import io.vertask.app.workload.Answer;
import io.vertask.app.workload.ItemCall;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An item whose result is committed together with those of others. A result that could not be is kept for a retry. */
final class RecordedItem implements ItemCall {
    private final Batches batches;
    private final ItemCall call;
    private final boolean printed;
    private @Nullable Answer kept;

    RecordedItem(Batches batches, ItemCall call, boolean printed) {
        this.batches = batches;
        this.call = call;
        this.printed = printed;
    }

    @Override
    public Future<Answer> attempt(PhaseListener phases) {
        Answer known = kept;
        return known == null ? call.attempt(phases).compose(answer -> record(answer, phases)) : record(known, phases);
    }

    @Override
    public Optional<Answer> answered() {
        return Optional.ofNullable(kept);
    }

    private Future<Answer> record(Answer answer, PhaseListener phases) {
        kept = answer;
        List<JsonObject> rows = Records.of(answer.value());
        phases.phase(Phase.QUERY);
        Answer done = printed ? answer : answer.withoutLine();
        return rows.isEmpty() ? Future.succeededFuture(done) : batches.add(rows).map(done);
    }
}
