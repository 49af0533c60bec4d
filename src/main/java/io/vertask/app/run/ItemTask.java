package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.job.OnError;
import io.vertask.app.job.template.TemplateException;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.journal.RunEvent.AttemptEnded;
import io.vertask.app.journal.RunEvent.ItemBegan;
import io.vertask.app.journal.RunEvent.Paused;
import io.vertask.app.journal.RunEvent.Retrying;
import io.vertask.app.journal.RunEvent.Waited;
import io.vertask.app.journal.Wait;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.StreamedCall;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.task.Timeout;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The work on one item, from its first permit to its result: attempts with a slot, and waits between them without one.
 *
 * <p>It begins with a permit in hand and leaves exactly one {@link Result}.
 */
final class ItemTask {
    /** The number of pauses for one item that use up no retry; a server that asks for more is not only busy. */
    private static final int MOST_TURNED_AWAY = 10;

    private final ItemsTask run;
    private final Item item;
    private final String key;
    private final boolean again;
    private final Optional<KeptAnswer> kept;
    private final Admission.Permit first;
    private final long began;
    private boolean hasRun;
    private @Nullable String site;
    private @Nullable ItemCall call;
    private int attempts;
    /** The attempts since the last successful one; each page has the full number of retries. */
    private int tries;
    /** The attempts among these that a server put off with a pause; they use up no retry. */
    private int turnedAway;

    private @Nullable Answer answer;
    private @Nullable CallFailure failure;
    /** The failure of an attempt that may have taken effect. */
    private @Nullable CallFailure unknown;
    /** The rows that came out of an attempt before its end; they can't be taken back. */
    private long handedOut;
    /** The line of a good item. */
    private Optional<String> line = Optional.empty();

    /** The part after the call that has failed; null when the call itself has. */
    private @Nullable String part;
    /** The answer that is needed to do that part again; null when the call is simply made again. */
    private @Nullable Answer unused;
    /** The write of the last page's rows; the next page is fetched after it. */
    private Future<Void> printed = Future.succeededFuture();

    /**
     * Begins an item.
     *
     * @param key its key without secrets
     * @param again whether it had failed in an earlier process
     * @param kept the answer from which it goes on; empty: its call is made
     */
    ItemTask(ItemsTask run, Item item, String key, boolean again, Optional<KeptAnswer> kept, Admission.Permit first) {
        this.run = run;
        this.item = item;
        this.key = key;
        this.again = again;
        this.kept = kept;
        this.first = first;
        this.began = run.nanoTime();
        run.journal.publish(new ItemBegan(began, item.n(), key));
    }

    /** Runs the item to its result; the future fails only when the item is cancelled. */
    Future<Void> run() {
        hasRun = true;
        return Tasks.loopWhile(() -> attempts == 0 ? first() : again()).transform(end -> {
            first.release(); // has an effect when it was cancelled before its first attempt
            Result result = result(end.cause());
            run.ended(result, began + result.end().took().toNanos());
            return end.cause() instanceof CancelledException
                    ? Future.failedFuture(end.cause())
                    : Future.succeededFuture();
        });
    }

    /** Ends an item whose task was cancelled before it ran. */
    void neverRan() {
        first.release();
        run.ended(cancelled(Optional.empty()), run.nanoTime());
    }

    boolean hasRun() {
        return hasRun;
    }

    private Future<Boolean> first() {
        if (run.printsFields && kept.isEmpty()) {
            try {
                run.print.orElseThrow().checkItem(item.scope());
            } catch (TemplateException unknownField) {
                return Future.succeededFuture(failed(unprintable(unknownField, false)));
            }
        }
        // Usually there is no pause. A job-wide pause was checked when the permit was taken.
        if (run.admission.pauseLeft(this::site).isZero() || site().equals(Admission.EVERYONE)) {
            return attempt(first);
        }
        // meanwhile an item of another site can use the slot
        first.release();
        return again();
    }

    /** Makes one attempt; true when another one has to follow. */
    private Future<Boolean> attempt(Admission.Permit permit) {
        attempts++;
        tries++;
        part = null;
        unused = null;
        Attempt attempt = new Attempt(run, item.n(), key, attempts, permit);
        Optional<Duration> limit = run.job.limits().timeout();
        Future<Answer> answered =
                limit.isPresent() ? Timeout.with(limit.get(), time -> made(attempt, time)) : unlimited(attempt);
        return answered.transform(end -> {
            if (end.succeeded()) {
                attempt.end(AttemptEnded.How.OK, Optional.empty());
                return Future.succeededFuture(answered(end.result()));
            }
            ItemCall made = call;
            if (made != null) {
                made.answered().ifPresent(got -> failedAfter(KeptAnswer.INTO, got));
            }
            if (end.cause() instanceof CancelledException) {
                attempt.end(AttemptEnded.How.CANCELLED, Optional.empty());
                return Future.failedFuture(end.cause());
            }
            CallFailure how = afterRows(inWords(end.cause(), attempt.phase()));
            attempt.end(AttemptEnded.How.FAILED, Optional.of(known(how)));
            return Future.succeededFuture(failed(how));
        });
    }

    /** Makes the call inside a future, so that an exception it throws is a failure of the attempt. */
    private Future<Answer> unlimited(Attempt attempt) {
        return Future.<Void>succeededFuture().compose(first -> made(attempt, null));
    }

    private Future<Answer> made(Attempt attempt, @Nullable Timeout time) {
        return call() instanceof StreamedCall streamed
                ? streamed.attempt(attempt, rows -> handOut(rows, time))
                : call().attempt(attempt);
    }

    /** Hands out rows in the middle of an attempt. The reader's time is not the call's: the limit begins again. */
    private Future<Void> handOut(List<Answer> rows, @Nullable Timeout time) {
        if (time != null && !time.expired()) {
            time.reschedule(null);
        }
        try {
            print(rows, Optional.empty());
        } catch (TemplateException unknownName) {
            return Future.failedFuture(unprintable(unknownName, unknownName.isUnknownName()));
        }
        handedOut += rows.size();
        return Tasks.await(printed).onSuccess(written -> {
            if (time != null && !time.expired()) {
                time.reschedule(run.job.limits().timeout().orElse(null));
            }
        });
    }

    private ItemCall call() {
        ItemCall known = call;
        if (known == null) {
            known = kept.isPresent()
                    ? new KeptCall(run.workload, item, run.job.step().isRepeatable(), kept.get())
                    : run.workload.call(item);
            call = known;
        }
        return known;
    }

    /** Records a successful attempt; true when the item has a further part to fetch. */
    private boolean answered(Answer got) {
        got.pause().ifPresent(this::pause);
        answer = got;
        unknown = null;
        tries = 0;
        turnedAway = 0;
        try {
            if (!got.rows().isEmpty()) {
                print(got.rows(), isRecorded() ? Optional.of(got) : Optional.empty());
            }
            line = got.more() ? Optional.empty() : line(got);
        } catch (TemplateException unknownName) {
            // pages that are not recorded are simply fetched again
            if (got.rows().isEmpty() || isRecorded()) {
                failedAfter(KeptAnswer.PRINT, got);
            }
            return failed(unprintable(unknownName, unknownName.isUnknownName()));
        }
        return got.more();
    }

    private boolean isRecorded() {
        return run.job.into().isPresent();
    }

    private void failedAfter(String which, Answer got) {
        part = which;
        unused = got;
    }

    /** {@code forAll}: a name that is not there at all will be missing for the other items too. */
    private static CallFailure unprintable(TemplateException why, boolean forAll) {
        CallFailure failure =
                CallFailure.lasting("print", "print: " + why.getMessage()).kind("template");
        return forAll ? failure.stopsJob("Fix `print`") : failure;
    }

    /** {@code page}: the answer with these rows, when it is needed to print them again. */
    private void print(List<Answer> rows, Optional<Answer> page) {
        ItemEnd soFar = end(ItemEnd.How.OK, Optional.empty());
        List<Result> results = new ArrayList<>(rows.size());
        rows.forEach(row -> results.add(new Result(soFar, line(row), row.value())));
        Promise<Void> written = Promise.promise();
        printed = written.future();
        run.rows(new PageRows(
                item.n(), results, page, written::tryComplete, why -> written.tryFail(new RowsRefused(why))));
    }

    /** The output has refused a page of the item. */
    private static final class RowsRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient ItemFailure failure;

        RowsRefused(ItemFailure failure) {
            super(failure.message(), null, false, false);
            this.failure = failure;
        }
    }

    private CallFailure afterRows(CallFailure how) {
        return handedOut == 0
                ? how
                : how.because(
                        String.format(Locale.ROOT, "%,d rows were handed out before; the item begins again", handedOut)
                                + " with --retry-failed");
    }

    private CallFailure inWords(Throwable cause, io.vertask.client.Phase phase) {
        OutOfMemory.check(cause);
        if (cause instanceof CallFailure known) {
            return known;
        }
        if (cause instanceof TaskTimeoutException timeout) {
            // each hand-out of rows has moved the limit
            Duration limit = handedOut == 0
                    ? timeout.limit()
                    : run.job.limits().timeout().orElse(timeout.limit());
            return run.workload.timedOut(limit, phase);
        }
        if (cause instanceof RowsRefused refused) {
            return CallFailure.lasting(refused.failure.brief(), refused.failure.message());
        }
        if (cause instanceof TemplateException template) {
            return CallFailure.lasting("template", String.valueOf(template.getMessage()));
        }
        run.bug(cause);
        return CallFailure.lasting("bug in vertask", "unexpected: " + cause);
    }

    /** Records a failed attempt; true when another one is allowed and may help. */
    private boolean failed(CallFailure how) {
        failure = how;
        unknown = how.effect() == CallFailure.Effect.UNKNOWN ? how : unknown;
        how.pause().ifPresent(this::pause);
        if (how.effect() == CallFailure.Effect.STOPS_JOB) {
            if (unused != null) {
                run.unfit(key + ": " + how.getMessage(), how.fix().orElse("Fix that"));
            } else {
                run.refused(String.valueOf(how.getMessage()), how.fix().orElse("Fix that"));
            }
            return false;
        }
        boolean waits = how.pause().filter(length -> !length.isZero()).isPresent();
        if (waits && turnedAway < MOST_TURNED_AWAY) {
            turnedAway++;
        }
        boolean retry = mayRetry(how) && !run.isDraining();
        Optional<Duration> left = Tasks.remaining();
        if (retry && left.isPresent() && run.admission.pauseLeft(this::site).compareTo(left.get()) >= 0) {
            failure = how.because("the pause that the server asks for ends after the deadline");
            if (site().equals(Admission.EVERYONE)) {
                run.giveUp(key + " said Retry-After "
                        + CallFailure.pauseWords(run.journal.longestPause())
                        + ", which ends after the deadline");
            }
            retry = false;
        }
        if (!retry && run.job.onError() == OnError.STOP) {
            run.stop("on_error: stop, and " + key + " failed");
        }
        return retry;
    }

    private boolean mayRetry(CallFailure how) {
        return (how.effect() == CallFailure.Effect.RETRYABLE || how.effect() == CallFailure.Effect.UNKNOWN)
                && tries - turnedAway <= run.job.limits().retries();
    }

    /** The site whose pauses apply to the item. It is computed from the item's URL, and only when there is a pause. */
    private String site() {
        String known = site;
        if (known == null) {
            known = run.workload.site(item);
            site = known;
        }
        return known;
    }

    private void pause(Duration length) {
        boolean isNew = run.admission.pause(site(), length);
        run.journal.publish(new Paused(run.nanoTime(), item.n(), key, site(), length, !isNew));
    }

    /** Waits without a slot until another attempt may begin, then makes it. */
    private Future<Boolean> again() {
        if (failure != null) {
            run.journal.publish(new Retrying(run.nanoTime(), item.n()));
        }
        return run.waiting(() -> Tasks.await(printed)
                        .compose(written -> backoff())
                        .compose(waited -> run.admission.take(item.n(), true, this::site)))
                .compose(this::attempt);
    }

    private Future<Void> backoff() {
        CallFailure why = failure;
        failure = null;
        if (why == null || !run.admission.pauseLeft(this::site).isZero()) {
            return Future.succeededFuture();
        }
        long from = run.nanoTime();
        return Tasks.sleep(run.backoff.pause(tries, why, run.random)).onComplete(slept -> {
            long now = run.nanoTime();
            run.journal.publish(new Waited(now, item.n(), Wait.RETRY, now - from, true));
        });
    }

    private Result result(@Nullable Throwable stopped) {
        if (stopped instanceof RowsRefused refused) {
            return Result.failed(end(ItemEnd.How.FAILED, Optional.of(refused.failure)), Optional.empty());
        }
        if (stopped != null && unknown == null) {
            return cancelled(mayBeCalledAgain() ? Optional.empty() : Optional.ofNullable(unused));
        }
        if (stopped != null) {
            failure = unknown; // another process must not take it for an item that was not begun
            answer = null;
        }
        Answer got = answer;
        CallFailure why = failure;
        if (got != null && why == null) {
            boolean needed = run.mayRefuse || !mayBeCalledAgain();
            return new Result(
                    end(ItemEnd.How.OK, Optional.empty()),
                    line,
                    got.value(),
                    needed ? Optional.of(got) : Optional.empty());
        }
        if (why != null && isUnfinished(why)) {
            return cancelled(Optional.empty());
        }
        CallFailure known = why == null ? CallFailure.lasting("no answer", "no answer") : why;
        return failed(known(tries > 1 ? known.after(tries) : known));
    }

    private Result failed(ItemFailure why) {
        return Result.failed(end(ItemEnd.How.FAILED, Optional.of(why)), Optional.ofNullable(unused));
    }

    private boolean mayBeCalledAgain() {
        return run.job.step().isRepeatable();
    }

    /** {@code kept}: the answer of a call that must not be made again, from which a later process goes on. */
    private Result cancelled(Optional<Answer> kept) {
        return new Result(end(ItemEnd.How.CANCELLED, Optional.empty()), Optional.empty(), null, kept);
    }

    private ItemEnd end(ItemEnd.How how, Optional<ItemFailure> why) {
        return new ItemEnd(item.n(), key, how, attempts, Duration.ofNanos(run.nanoTime() - began), why, again);
    }

    /** Whether the job ended before the item, so that a later process has to do the item again. */
    private boolean isUnfinished(CallFailure why) {
        if (unused != null && !(mayBeCalledAgain() && mayRetry(why))) {
            return false;
        }
        return (run.isDraining() && mayRetry(why) && why.effect() != CallFailure.Effect.UNKNOWN)
                || why.effect() == CallFailure.Effect.STOPS_JOB;
    }

    private ItemFailure known(CallFailure why) {
        CallFailure.Detail detail = why.detail();
        ItemFailure known = new ItemFailure(
                detail.kind(),
                why.brief(),
                detail.status(),
                detail.phase().map(phase -> phase.name().toLowerCase(Locale.ROOT)),
                run.masked(why.getMessage()),
                why.effect() == CallFailure.Effect.RETRYABLE);
        String which = part;
        if (which == null && kept.isPresent() && detail.kind().equals(ItemFailure.UNKNOWN)) {
            which = KeptCall.ANSWER;
        }
        return which == null ? known : known.in(which);
    }

    private Optional<String> line(Answer got) {
        return got.empty() || !run.printsLines
                ? Optional.empty()
                : Optional.of(run.print.map(print -> print.render(got.scope())).orElse(got.line()));
    }
}
