package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.job.OnError;
import io.vertask.app.job.template.TemplateException;
import io.vertask.app.job.yaml.DurationText;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One item, from its slot to its result: attempts under the limit, waits between them that hold no slot.
 *
 * <p>It begins with a slot in hand, gives it back after each attempt, and always leaves exactly one {@link ItemResult}.
 */
final class ItemRun {
    /** A server that turns one item away more often than this is not only busy. */
    private static final int MOST_TURNED_AWAY = 10;

    private final JobRun run;
    private final Item item;
    private @Nullable String site;
    private final long began;
    private @Nullable ItemCall call;
    private int attempts;
    /** Since the item last made headway: each of its pages has all the retries. */
    private int tries;
    /** Those of them that a server turned away for now: not this item's fault, and no retry used up. */
    private int turnedAway;

    private @Nullable Answer answer;
    private @Nullable CallFailure failure;
    /** The rows of the last page are written: then the next one may be fetched. */
    private Future<Void> printed = Future.succeededFuture();

    ItemRun(JobRun run, Item item) {
        this.run = run;
        this.item = item;
        this.began = run.nanoTime();
    }

    String key() {
        return item.key();
    }

    /** The whole of it; the future fails only when the item is cancelled. */
    Future<Void> run() {
        run.tally.begin();
        return Tasks.loopWhile(() -> attempts == 0 ? first() : again()).transform(end -> {
            run.ended(result(end.cause()));
            return end.succeeded() ? Future.succeededFuture() : Future.failedFuture(end.cause());
        });
    }

    private Future<Boolean> first() {
        // most jobs never see a pause; one of everyone has been looked at when the slot was taken
        if (run.pause.times() == 0 || site().equals(Pause.EVERYONE) || !run.pause.isOn(site())) {
            return attempt();
        }
        // others, who call other sites, may have its slot meanwhile
        run.slots.release();
        return again();
    }

    /** One attempt; true when there is to be another. */
    private Future<Boolean> attempt() {
        attempts++;
        tries++;
        PhaseClock clock = new PhaseClock(run.times, run::nanoTime);
        run.tally.attemptBegins();
        Optional<Duration> limit = run.job.limits().timeout();
        Future<Answer> answered =
                limit.isPresent() ? Tasks.timeout(limit.get(), () -> call().attempt(clock)) : attempt(clock);
        return answered.transform(end -> {
            clock.book();
            run.tally.attemptEnds();
            run.slots.release();
            if (end.succeeded()) {
                return Future.succeededFuture(answered(end.result()));
            }
            if (end.cause() instanceof CancelledException) {
                return Future.failedFuture(end.cause());
            }
            return Future.succeededFuture(failed(inWords(end.cause(), clock)));
        });
    }

    /** In a step of its own: what it throws is a failure of the attempt. */
    private Future<Answer> attempt(PhaseClock clock) {
        return Future.<Void>succeededFuture().compose(first -> call().attempt(clock));
    }

    private ItemCall call() {
        ItemCall known = call;
        if (known == null) {
            known = run.workload.call(item);
            call = known;
        }
        return known;
    }

    /** Books a good attempt; true when the item goes on with another. */
    private boolean answered(Answer got) {
        got.pause().ifPresent(this::pause);
        answer = got;
        tries = 0;
        turnedAway = 0;
        if (!got.rows().isEmpty()) {
            try {
                print(got.rows());
            } catch (TemplateException unknownName) {
                return failed(CallFailure.lasting("template", "print: " + unknownName.getMessage()));
            }
        }
        return got.more();
    }

    private void print(List<Answer> rows) {
        List<ItemResult.Part.One> lines = new ArrayList<>(rows.size());
        rows.forEach(row -> lines.add(new ItemResult.Part.One(line(row), row.value())));
        Promise<Void> written = Promise.promise();
        printed = written.future();
        Duration took = Duration.ofNanos(run.nanoTime() - began);
        run.part(ItemResult.part(item, new ItemResult.Part(lines, written::tryComplete), attempts, took));
    }

    private CallFailure inWords(Throwable cause, PhaseClock clock) {
        if (cause instanceof CallFailure known) {
            return known;
        }
        if (cause instanceof TaskTimeoutException timeout) {
            return run.workload.timedOut(timeout.limit(), clock.now());
        }
        if (cause instanceof TemplateException template) {
            return CallFailure.lasting("template", String.valueOf(template.getMessage()));
        }
        run.bug(cause);
        return CallFailure.lasting("bug in vertask", "unexpected: " + cause);
    }

    /** Books a failed attempt; true when another one is allowed and may help. */
    private boolean failed(CallFailure how) {
        failure = how;
        run.tell(item.key() + ": attempt " + attempts + " failed: " + how.getMessage());
        how.pause().ifPresent(this::pause);
        if (how.effect() == CallFailure.Effect.STOPS_JOB) {
            run.refused(String.valueOf(how.getMessage()));
            return false;
        }
        boolean waits = how.pause().filter(length -> !length.isZero()).isPresent();
        if (waits && turnedAway < MOST_TURNED_AWAY) {
            turnedAway++;
        }
        boolean again = how.effect() == CallFailure.Effect.RETRYABLE
                && tries - turnedAway <= run.job.limits().retries()
                && !run.isDraining();
        Optional<Duration> left = Tasks.remaining();
        if (again && left.isPresent() && run.pause.left(site()).compareTo(left.get()) >= 0) {
            failure = how.because("the pause that the server asks for ends after the deadline");
            if (site().equals(Pause.EVERYONE)) {
                run.giveUp(item.key() + " said Retry-After " + DurationText.format(run.pause.longest())
                        + ", which ends after the deadline");
            }
            again = false;
        }
        if (!again && run.job.onError() == OnError.STOP) {
            run.stop("on_error: stop, and " + item.key() + " failed");
        }
        return again;
    }

    /** Whose pauses it keeps; it takes an item's URL to know, so only when there is one to keep. */
    private String site() {
        String known = site;
        if (known == null) {
            known = run.workload.site(item);
            site = known;
        }
        return known;
    }

    private void pause(Duration length) {
        run.tell(item.key() + ": its server wants everyone to wait " + DurationText.format(length));
        run.pause.ask(site(), item.key(), length);
    }

    /** Waits, without a slot, until another attempt may begin; then makes it. */
    private Future<Boolean> again() {
        if (failure != null) {
            run.tally.retry();
        }
        return run.waiting(
                        () -> Tasks.await(printed).compose(written -> backoff()).compose(waited -> slot()))
                .compose(slot -> attempt());
    }

    /** A slot, when no pause of its site is on. */
    private Future<Void> slot() {
        return Tasks.loopWhile(() -> paused().compose(over -> run.slot()).map(rateWait -> {
            run.times.addPause(rateWait);
            boolean pausedMeanwhile = run.pause.isOn(site());
            if (pausedMeanwhile) {
                run.slots.release();
            }
            return pausedMeanwhile;
        }));
    }

    private Future<Void> paused() {
        long from = run.nanoTime();
        return run.pause.over(site()).onComplete(over -> run.times.addPause(run.nanoTime() - from));
    }

    private Future<Void> backoff() {
        CallFailure why = failure;
        failure = null;
        if (why == null || run.pause.isOn(site())) {
            return Future.succeededFuture();
        }
        long from = run.nanoTime();
        return Tasks.sleep(run.backoff.pause(tries, why, run.random))
                .onComplete(slept -> run.times.addRetryWait(run.nanoTime() - from));
    }

    private ItemResult result(@Nullable Throwable cancelled) {
        Duration took = Duration.ofNanos(run.nanoTime() - began);
        if (cancelled != null) {
            return ItemResult.cancelled(item, attempts, took);
        }
        Answer got = answer;
        CallFailure why = failure;
        if (got != null && why == null) {
            try {
                return ItemResult.ok(item, line(got), got.value(), attempts, took);
            } catch (TemplateException unknownName) {
                why = CallFailure.lasting("template", "print: " + unknownName.getMessage());
            }
        }
        if (why != null && isUnfinished(why)) {
            return ItemResult.cancelled(item, attempts, took);
        }
        CallFailure known = why == null ? CallFailure.lasting("no answer", "no answer") : why;
        return ItemResult.failed(item, tries > 1 ? known.after(tries) : known, attempts, took);
    }

    /** The job ended before the item did: a later run has to do it again. */
    private boolean isUnfinished(CallFailure why) {
        boolean retryCut = run.isDraining()
                && why.effect() == CallFailure.Effect.RETRYABLE
                && tries - turnedAway <= run.job.limits().retries();
        return retryCut || why.effect() == CallFailure.Effect.STOPS_JOB;
    }

    private Optional<String> line(Answer got) {
        return got.empty()
                ? Optional.empty()
                : Optional.of(
                        run.job.print().map(print -> print.render(got.scope())).orElse(got.line()));
    }
}
