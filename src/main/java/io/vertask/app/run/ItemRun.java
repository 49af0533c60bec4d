package io.vertask.app.run;

import io.vertask.app.job.OnError;
import io.vertask.app.job.Scope;
import io.vertask.app.job.TemplateException;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One item, from its slot to its result: attempts under the limit, waits between them that hold no slot.
 *
 * <p>It begins with a slot in hand, gives it back after each attempt, and always leaves exactly one {@link ItemResult}.
 */
final class ItemRun {
    private final JobRun run;
    private final long n;
    private final String key;
    private final Scope scope;
    private final long began;
    private int attempts;
    private @Nullable Answer answer;
    private @Nullable CallFailure failure;

    ItemRun(JobRun run, long n, @Nullable Object item) {
        this.run = run;
        this.n = n;
        this.key = item == null ? run.job.name() : String.valueOf(item);
        this.scope = Scope.of(item);
        this.began = run.nanoTime();
    }

    String key() {
        return key;
    }

    /** The whole of it; the future fails only when the item is cancelled. */
    Future<Void> run() {
        run.tally.begin();
        return Tasks.loopWhile(() -> attempts == 0 ? attempt() : again()).transform(end -> {
            run.ended(result(end.cause()));
            return end.succeeded() ? Future.succeededFuture() : Future.failedFuture(end.cause());
        });
    }

    /** One attempt; true when there is to be another. */
    private Future<Boolean> attempt() {
        attempts++;
        PhaseClock clock = new PhaseClock(run.times, run::nanoTime);
        run.tally.attemptBegins();
        Optional<Duration> limit = run.job.limits().timeout();
        Future<Answer> call = limit.isPresent()
                ? Tasks.timeout(limit.get(), () -> run.workload.attempt(scope, clock))
                : run.workload.attempt(scope, clock);
        return call.transform(end -> {
            clock.book();
            run.tally.attemptEnds();
            run.slots.release();
            if (end.succeeded()) {
                answer = end.result();
                return Future.succeededFuture(false);
            }
            if (end.cause() instanceof CancelledException) {
                return Future.failedFuture(end.cause());
            }
            return Future.succeededFuture(failed(inWords(end.cause(), clock)));
        });
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
        how.pause().ifPresent(length -> run.pause.ask(key, length));
        if (how.effect() == CallFailure.Effect.STOPS_JOB) {
            run.stop(String.valueOf(how.getMessage()));
            return false;
        }
        boolean again = how.effect() == CallFailure.Effect.RETRYABLE
                && attempts <= run.job.limits().retries()
                && !run.isDraining();
        if (!again && run.job.onError() == OnError.STOP) {
            run.stop("on_error: stop, and " + key + " failed");
        }
        return again;
    }

    /** Waits, without a slot, until another attempt may begin; then makes it. */
    private Future<Boolean> again() {
        run.tally.retry();
        failure = null;
        return run.waiting(() -> backoff().compose(waited -> {
                    long from = run.nanoTime();
                    return run.slot().onComplete(got -> run.times.addPause(run.nanoTime() - from));
                }))
                .compose(slot -> attempt());
    }

    private Future<Void> backoff() {
        if (run.pause.isOn()) {
            return Future.succeededFuture();
        }
        long from = run.nanoTime();
        return Tasks.sleep(run.backoff.before(attempts))
                .onComplete(slept -> run.times.addRetryWait(run.nanoTime() - from));
    }

    private ItemResult result(@Nullable Throwable cancelled) {
        Duration took = Duration.ofNanos(run.nanoTime() - began);
        if (cancelled != null) {
            return new ItemResult(n, key, ItemResult.End.CANCELLED, Optional.empty(), "", attempts, took);
        }
        Answer got = answer;
        if (got != null && failure == null) {
            try {
                Optional<String> line = got.empty()
                        ? Optional.empty()
                        : Optional.of(run.job
                                .print()
                                .map(print -> print.render(got.scope()))
                                .orElse(got.line()));
                return new ItemResult(n, key, ItemResult.End.OK, line, "", attempts, took);
            } catch (TemplateException unknownName) {
                failure = CallFailure.lasting("template", "print: " + unknownName.getMessage());
            }
        }
        CallFailure how = failure;
        String what = how == null ? "no answer" : how.getMessage();
        String tries = attempts > 1 ? " (" + attempts + " attempts)" : "";
        String line = key + ": ERROR - " + (what + tries).replaceAll("\\s*\\R\\s*", " ");
        return new ItemResult(
                n, key, ItemResult.End.FAILED, Optional.of(line), how == null ? "" : how.brief(), attempts, took);
    }
}
