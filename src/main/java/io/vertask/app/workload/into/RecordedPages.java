package io.vertask.app.workload.into;

import io.vertask.app.job.Item;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.PagedCall;
import io.vertask.app.workload.into.Checkpoints.Checkpoint;
import io.vertask.client.PhaseListener;
import io.vertask.client.SqlSession;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The pages of an item, each committed in one transaction with the position of the next one.
 *
 * <p>A page is taken once it is committed; until then the next attempt records the same page. A commit whose answer was
 * lost is found by its checkpoint.
 */
final class RecordedPages implements ItemCall {
    private final Recorder recorder;
    private final Checkpoints checkpoints;
    private final Item item;
    private final PagedCall pages;
    private final boolean printed;
    private boolean toLoad;

    /** {@code resumed}: there may be a checkpoint; {@code printed}: the rows are printed too. */
    RecordedPages(
            Recorder recorder, Checkpoints checkpoints, Item item, PagedCall pages, boolean resumed, boolean printed) {
        this.recorder = recorder;
        this.checkpoints = checkpoints;
        this.item = item;
        this.pages = pages;
        this.toLoad = resumed;
        this.printed = printed;
    }

    @Override
    public Future<Answer> attempt(PhaseListener phases) {
        return toLoad ? load(phases) : page(phases);
    }

    private Future<Answer> load(PhaseListener phases) {
        return recorder.withConnection(Quiet.of(phases), session -> checkpoints.find(session, item.key()))
                .compose(found -> {
                    toLoad = false;
                    found.ifPresent(checkpoint -> pages.goOnFrom(checkpoint.position()));
                    return found.filter(Checkpoint::done).isPresent() ? Future.succeededFuture(whole()) : page(phases);
                });
    }

    private Future<Answer> page(PhaseListener phases) {
        return pages.fetch(phases)
                // without a page, its server has asked us to wait
                .compose(answer -> pages.after()
                        .map(after -> record(answer, new Checkpoint(after, !answer.more()), phases))
                        .orElseGet(() -> Future.succeededFuture(answer)));
    }

    private Future<Answer> record(Answer answer, Checkpoint after, PhaseListener phases) {
        List<JsonObject> rows = Records.of(answer.rows());
        // when a cancel comes during the commit, the page is not taken: the next attempt finds it by its checkpoint
        return recorder.inTransaction(rows, Quiet.of(phases), session -> move(session, after, rows), () -> {})
                .map(done -> {
                    pages.take();
                    Answer last = answer.more() ? pages.sum().unfinished() : whole();
                    Answer shown = printed ? last.withRows(answer.rows()) : last;
                    return answer.pause().map(shown::pausing).orElse(shown);
                });
    }

    private Future<Void> move(SqlSession session, Checkpoint after, List<JsonObject> rows) {
        return checkpoints.move(session, item.key(), pages.position(), after).compose(moved -> {
            if (moved) {
                return recorder.insert(session, rows);
            }
            return checkpoints
                    .find(session, item.key())
                    .compose(found -> found.filter(after::equals).isPresent()
                            ? Future.succeededFuture()
                            : Future.failedFuture(CallFailure.lasting(
                                    "checkpoint",
                                    "into: somebody else records the pages of `" + item.key()
                                            + "` in this run too: another item with this key, or another process")));
        });
    }

    /** The item's last answer: its own line is how many rows it had, unless those are printed. */
    private Answer whole() {
        Answer sum = pages.sum();
        return printed ? sum : Answer.of(sum.scope(), item.key() + ": " + sum.line(), sum.value());
    }
}
