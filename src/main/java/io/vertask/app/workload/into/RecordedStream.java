package io.vertask.app.workload.into;

import io.vertask.app.job.Item;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.StreamedCall;
import io.vertask.client.PhaseListener;
import io.vertask.client.SqlSession;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.TaskGroupException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item whose rows are recorded as they come, in one transaction: all of them or none.
 *
 * <p>The transaction begins with the first rows, from which the table may have to be made, and is held by a task of its
 * own until the call has ended.
 */
final class RecordedStream implements StreamedCall {
    private final Recorder recorder;
    private final Item item;
    private final StreamedCall call;
    private final boolean printed;

    /** {@code printed}: the rows are printed too, before they are committed. */
    RecordedStream(Recorder recorder, Item item, StreamedCall call, boolean printed) {
        this.recorder = recorder;
        this.item = item;
        this.call = call;
        this.printed = printed;
    }

    @Override
    public Future<Answer> attempt(PhaseListener phases, RowsOut out) {
        return TaskGroup.with("into", group -> {
                    Transfer into = new Transfer(group);
                    return call.attempt(
                                    phases,
                                    rows -> into.put(Records.of(rows), Quiet.of(phases))
                                            .compose(recorded -> printed ? out.rows(rows) : Future.succeededFuture()))
                            .compose(sum -> into.commit().map(committed -> whole(sum)));
                })
                .recover(error -> Future.failedFuture(
                        error instanceof TaskGroupException && error.getCause() != null ? error.getCause() : error));
    }

    /** The item's last answer: its own line is how many rows it had, unless those are printed. */
    private Answer whole(Answer sum) {
        return printed ? sum : Answer.of(sum.scope(), item.key() + ": " + sum.line(), sum.value());
    }

    /** The transaction of one attempt. */
    private final class Transfer {
        private final TaskGroup group;
        private final Promise<SqlSession> session = Promise.promise();
        private final Promise<Void> over = Promise.promise();
        private @Nullable Task<Void> transaction;

        Transfer(TaskGroup group) {
            this.group = group;
        }

        Future<Void> put(List<JsonObject> rows, PhaseListener phases) {
            return recorder.prepare(rows).compose(there -> {
                if (transaction == null) {
                    transaction = group.start(
                            "transaction",
                            () -> recorder.inTransaction(
                                    List.of(),
                                    phases,
                                    open -> {
                                        session.complete(open);
                                        return Tasks.await(over.future());
                                    },
                                    () -> {}));
                }
                return Tasks.await(session.future())
                        .compose(open -> recorder.insert(open, rows))
                        .recover(error -> Future.failedFuture(recorder.inWords(error)));
            });
        }

        Future<Void> commit() {
            over.complete();
            return transaction == null ? Future.succeededFuture() : transaction.future();
        }
    }
}
