package io.vertask.app.workload;

import io.vertask.app.job.Item;
import io.vertask.client.Phase;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A workload that records the results of another one in a {@link RowSink}, and opens and closes both together. */
public final class RecordedWorkload extends Workload {
    private final Workload calls;
    private final RowSink sink;

    private RecordedWorkload(Workload calls, RowSink sink) {
        super("into");
        this.calls = calls;
        this.sink = sink;
    }

    /** Makes a workload that records {@code calls}, which is not deployed itself, in {@code sink}. */
    public static RecordedWorkload of(Workload calls, RowSink sink) {
        return new RecordedWorkload(calls, sink);
    }

    @Override
    protected Future<?> openClients() {
        calls.init(vertx, context);
        return calls.openClients()
                .compose(opened -> sink.open(vertx))
                .recover(error -> closeClients().transform(closed -> Future.failedFuture(error)));
    }

    @Override
    protected Future<?> closeClients() {
        return sink.close().transform(closed -> calls.closeClients());
    }

    @Override
    public ItemCall call(Item item) {
        return sink.recording(item, calls.call(item));
    }

    @Override
    public ItemCall recording(Item item, ItemCall answered) {
        return sink.recording(item, answered);
    }

    @Override
    public String site(Item item) {
        return calls.site(item);
    }

    @Override
    public List<String> preview(Item item) {
        return calls.preview(item);
    }

    @Override
    public List<String> remarks() {
        return calls.remarks();
    }

    @Override
    public void settled() {
        sink.settled();
    }

    @Override
    public Optional<LoopCall> lastOnTheLoop() {
        return calls.lastOnTheLoop();
    }

    @Override
    public CallFailure timedOut(Duration limit, Phase phase) {
        return calls.timedOut(limit, phase);
    }
}
