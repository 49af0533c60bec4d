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
import org.jspecify.annotations.Nullable;

/**
 * The pages of an item, each committed together with where the next one is.
 *
 * <p>A page that was fetched and could not be committed is kept for the next attempt. A commit whose answer was lost is
 * found by the checkpoint: it says then what this one was to say.
 */
final class RecordedPages implements ItemCall {
    private final Recorder recorder;
    private final Checkpoints checkpoints;
    private final Item item;
    private final PagedCall pages;
    private final boolean printed;
    private boolean toLoad;
    /** What the checkpoint says, as far as we know; null: there is none. */
    private @Nullable String before;
    /** A page that is fetched and not known to be committed. */
    private @Nullable Answer fetched;

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
                    if (found.isPresent()) {
                        Checkpoint checkpoint = found.get();
                        before = checkpoint.position();
                        pages.goOnFrom(checkpoint.position());
                        if (checkpoint.done()) {
                            return Future.succeededFuture(whole());
                        }
                    }
                    return page(phases);
                });
    }

    private Future<Answer> page(PhaseListener phases) {
        Answer kept = fetched;
        if (kept != null) {
            return record(kept, phases);
        }
        String from = pages.position();
        return pages.attempt(phases).compose(answer -> {
            if (answer.more() && pages.position().equals(from)) {
                // no page yet: its server asked us to wait
                return Future.succeededFuture(answer);
            }
            fetched = answer;
            return record(answer, phases);
        });
    }

    private Future<Answer> record(Answer answer, PhaseListener phases) {
        List<JsonObject> rows = Records.of(answer.rows());
        Checkpoint after = new Checkpoint(pages.position(), !answer.more());
        // a cancel that comes while it is committed leaves this one behind: the next attempt finds it by its checkpoint
        return recorder.inTransaction(rows, Quiet.of(phases), session -> move(session, after, rows), () -> {})
                .map(done -> {
                    before = after.position();
                    fetched = null;
                    Answer last = answer.more() ? pages.sum().unfinished() : whole();
                    Answer shown = printed ? last.withRows(answer.rows()) : last;
                    return answer.pause().map(shown::pausing).orElse(shown);
                });
    }

    private Future<Void> move(SqlSession session, Checkpoint after, List<JsonObject> rows) {
        return checkpoints.move(session, item.key(), before, after).compose(moved -> {
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
